import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { findProgram } from '../../src/cli/find-program.ts'

t.test('the first executable file of that name on the path is found', async (t) => {
  const root = t.testdir({ a: { tool: '' }, b: { tool: '' }, c: { tool: '' }, d: {} })
  mkdirSync(join(root, 'd/tool'))
  for (const place of ['b', 'c']) chmodSync(join(root, place, 'tool'), 0o755)
  const path = ['d', 'a', 'b', 'c'].map((place) => join(root, place)).join(':')
  t.equal(findProgram('tool', path), join(root, 'b/tool'))
})

t.test('what is not installed is not found', async (t) => {
  t.equal(findProgram('no-such-program', process.env.PATH), undefined)
  t.equal(findProgram('sh', undefined), undefined)
})

t.test('a relative entry of the path is never used: it depends on where one stands', async (t) => {
  const root = t.testdir()
  writeFileSync(join(root, 'tool'), '')
  chmodSync(join(root, 'tool'), 0o755)
  const before = process.cwd()
  process.chdir(root)
  t.teardown(() => {
    process.chdir(before)
  })
  t.equal(findProgram('tool', '.::'), undefined)
})
