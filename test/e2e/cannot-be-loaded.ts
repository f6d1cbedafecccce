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
      const chunks = readdirSync(join(place, 'dist')).filter((name) => name.startsWith('chunk-'))
      for (const chunk of chunks) writeFileSync(join(place, 'dist', chunk), 'import {')
      t.equal(start().status, 5, 'damaged chunks')
      copy()
      writeFileSync(join(place, 'dist', `${command}.js`), "throw new Error('a bug')")
      t.match(start(), { status: 5, stderr: 'a bug' })
      writeFileSync(
        join(place, 'dist', `${command}.js`),
        "setTimeout(() => { throw new Error('a bug') }); await new Promise(() => {})",
      )
      t.equal(start().status, 5, 'a bug later on')
      rmSync(join(place, 'dist'), { recursive: true })
      t.equal(start().status, 5, 'nothing there')
    },
  )
}
