import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const root = join(import.meta.dirname, '../..')

t.test('a built command is the same with what was compiled beforehand and without', async (t) => {
  const place = t.testdir()
  for (const part of ['bin', 'dist', 'package.json']) {
    cpSync(join(root, part), join(place, part), { recursive: true })
  }
  const dist = join(place, 'dist')
  const caches = () => readdirSync(dist).filter((name) => name.endsWith('.cache'))
  // The test runner puts its own loaders into the environment of every process of Node.
  const run = (...argv: string[]) =>
    execFileSync('/usr/bin/env', ['-u', 'NODE_OPTIONS', process.execPath, ...argv], {
      encoding: 'utf8',
    })
  const help = () =>
    ['clp_sambamon', 'clp_nfsmon', 'clp_fsmon', 'clplcnsc'].map((command) =>
      run(join(place, 'bin', command), '--help'),
    )
  t.not(caches().length, 0, 'the build compiled it')
  const before = help()
  for (const name of caches()) rmSync(join(dist, name))
  t.strictSame(help(), before)
  // Flags that V8 compiles differently with: what it has is then of no use, and not used.
  t.equal(run('--no-lazy', join(place, 'bin/clp_fsmon'), '--help'), before[2])
})
