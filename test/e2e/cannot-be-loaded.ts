import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const root = join(import.meta.dirname, '../..')

for (const command of ['clp_sambamon', 'clp_nfsmon'] as const) {
  t.test(
    `${command} whose files are damaged or gone does not say that the server failed`,
    async (t) => {
      const place = t.testdir()
      const start = () =>
        // The test runner puts its own loaders into the environment of every process of Node.
        spawnSync(
          '/usr/bin/env',
          ['-u', 'NODE_OPTIONS', process.execPath, join(place, 'bin', command), '-V'],
          { encoding: 'utf8' },
        )
      const copy = () => {
        for (const part of ['bin', 'dist', 'package.json']) {
          cpSync(join(root, part), join(place, part), { recursive: true })
        }
      }
      copy()
      t.equal(start().status, 0)
      const files = readdirSync(join(place, 'dist'))
      const damage = (ending: string, content: string) => {
        const damaged = files.filter((name) => name.endsWith(ending))
        t.not(damaged.length, 0)
        for (const name of damaged) writeFileSync(join(place, 'dist', name), content)
      }
      damage('.parts.cjs', '({')
      t.equal(start().status, 5, 'damaged parts')
      copy()
      damage('.parts.cjs', '({})')
      t.match(start(), { status: 5, stderr: 'of another version' })
      copy()
      damage('.cache', 'compiled code of nobody')
      t.equal(start().status, 0, 'damaged compiled code is not used')
      damage('start.cjs', "throw new Error('a bug')")
      t.match(start(), { status: 5, stderr: 'a bug' })
      damage(
        'start.cjs',
        "exports.start = () => { setTimeout(() => { throw new Error('a bug') }) }",
      )
      t.equal(start().status, 5, 'a bug later on')
      rmSync(join(place, 'dist'), { recursive: true })
      t.equal(start().status, 5, 'nothing there')
    },
  )
}
