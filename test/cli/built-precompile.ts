import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const root = join(import.meta.dirname, '../..')

t.test('an installation compiles what the build would have, and all of it is small', (t) => {
  const dist = join(t.testdir(), 'dist')
  cpSync(join(root, 'dist'), dist, { recursive: true })
  const caches = () => readdirSync(dist).filter((name) => name.endsWith('.cache'))
  const built = caches()
  for (const name of built) rmSync(join(dist, name))
  // The test runner puts its own loaders into the environment of every process of Node.
  const argv = ['-u', 'NODE_OPTIONS', process.execPath, join(dist, 'precompile.cjs')]
  execFileSync('/usr/bin/env', argv)
  t.not(built.length, 0)
  t.strictSame(caches(), built)
  for (const name of built) t.ok(existsSync(join(dist, name.replace(/cache$/, 'cjs'))), name)
  const bytes = built.reduce((sum, name) => sum + readFileSync(join(dist, name)).length, 0)
  t.ok(bytes < 500_000, `${bytes} bytes`)
  t.end()
})
