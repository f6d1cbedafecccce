import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const root = join(import.meta.dirname, '../..')
const about = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string
  bin: Record<string, string>
}

// The test runner's loaders belong to it and not to what is installed.
const env = { PATH: process.env.PATH, HOME: process.env.HOME }

function run(file: string, args: string[], cwd: string): string {
  return execFileSync('/usr/bin/env', ['-u', 'NODE_OPTIONS', file, ...args], {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

function bytesBelow(directory: string): number {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}

t.test('the package, installed globally, runs every command and is lean', async (t) => {
  const place = t.testdir()
  const prefix = join(place, 'prefix')
  mkdirSync(prefix)
  run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', place], root)
  const archive = readdirSync(place).find((name) => name.endsWith('.tgz')) ?? ''
  run(
    'npm',
    ['install', '--global', '--silent', '--offline', '--prefix', prefix, join(place, archive)],
    place,
  )
  for (const command of Object.keys(about.bin)) {
    const file = join(prefix, 'bin', command)
    t.match(run(file, ['--version'], place), `${command} (clp-fsmon) ${about.version}`)
    t.match(run(file, ['--help'], place), '--lang')
  }
  const installed = join(prefix, 'lib/node_modules/clp-fsmon')
  t.ok(bytesBelow(installed) <= 1024 * 1024, `${bytesBelow(installed)} bytes, at most 1 MiB`)
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' })
  t.strictSame(
    files.filter((name) => name.endsWith('.map') || name.endsWith('.ts')),
    [],
    'no source maps and no sources are shipped',
  )
})
