import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { lessons } from '../../../src/cli/precompile/lessons.ts'
import { precompile } from '../../../src/cli/precompile/precompile.ts'

const root = join(import.meta.dirname, '../../..')

/** A file beside which an old compiled one lies. */
function stale(t: Test, program: string): string {
  const dir = t.testdir({ 'p.cjs': program, 'x.parts.cache': 'old', 'y.parts.cache.new': 'half' })
  return join(dir, 'p.cjs')
}

t.test(
  'every lesson of the built program is learnt to its end, and nothing else is left',
  async (t) => {
    const place = t.testdir()
    for (const part of ['bin', 'dist', 'package.json']) {
      cpSync(join(root, part), join(place, part), { recursive: true })
    }
    const dist = join(place, 'dist')
    const before = readdirSync(dist)
    t.strictSame(await precompile(join(dist, 'precompile.cjs')), [0, 0, 0])
    t.strictSame(readdirSync(dist), before, 'the build has learnt the same')
  },
)

t.test(
  'each lesson has a directory of its own, a server, and no program to tell of it',
  async (t) => {
    const told = join(t.testdir(), 'told')
    const file = stale(
      t,
      `const { appendFileSync, existsSync } = require('fs')
    const { CLP_FSMON_ROOT: root, PATH, HOME = 'no home', LANG } = process.env
    appendFileSync(${JSON.stringify(told)}, [existsSync(root), PATH === root, HOME, LANG, process.argv[2]].join() + '\\n')
    if (process.argv.includes('lesson')) {
      process.on('SIGTERM', () => process.exit(0))
      process.stderr.write('x 2 INFO y\\n')
      setTimeout(() => {}, 60000)
    }`,
    )
    const ends = await precompile(file)
    t.strictSame(ends, [0, 0, 0])
    const commands = lessons(1).map(({ words }) => words[0])
    t.equal(
      readFileSync(told, 'utf8'),
      commands.map((command) => `true,true,no home,C,${command}\n`).join(''),
    )
    t.strictSame(
      readdirSync(join(file, '..')).filter((name) => name.includes('cache')),
      [],
      'what was kept before is gone',
    )
  },
)

t.test('a lesson that does not end is ended, and is the last', async (t) => {
  const file = stale(t, 'setTimeout(() => {}, 60000)')
  t.strictSame(await precompile(file, 300), ['SIGKILL'])
})

t.test('where a lesson fails the others are left out', async (t) => {
  t.strictSame(await precompile(stale(t, 'process.exit(5)')), [5])
  t.strictSame(await precompile(stale(t, 'this is no program')), [1])
})
