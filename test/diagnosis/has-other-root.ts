import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { hasOtherRoot } from '../../src/diagnosis/has-other-root.ts'
import { processOf } from '../helpers/diagnosis.ts'

t.test('a server that sees other files is known by its root', async (t) => {
  const root = t.testdir({ other: {} })
  for (const [pid, to] of [
    [100, root],
    [101, join(root, 'other')],
  ] as const) {
    mkdirSync(join(root, `proc/${pid}`), { recursive: true })
    symlinkSync(to, join(root, `proc/${pid}/root`))
  }
  const contained = processOf('smbd', { pid: 101 })
  t.equal(hasOtherRoot(root, [processOf('smbd')]), false)
  t.equal(hasOtherRoot(root, [contained]), true)
  t.equal(hasOtherRoot(root, [processOf('ganesha.nfsd', { pid: 101 })]), true)
  t.equal(hasOtherRoot(root, [processOf('winbindd', { pid: 101 })]), false, 'it serves nobody')
  t.equal(hasOtherRoot(root, [{ ...contained, state: 'Z' }]), false)
  t.equal(hasOtherRoot(root, [processOf('smbd', { pid: 102 })]), false, 'gone by now')
  t.equal(hasOtherRoot(root, []), false)
})

t.test('this very process sees what it sees', async (t) => {
  t.equal(hasOtherRoot('', [processOf('smbd', { pid: process.pid })]), false)
})
