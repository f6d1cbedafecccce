import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'

const script = join(import.meta.dirname, '../../scripts/package')

/** Packages that were built, in a directory of their own until the test ends. */
export type Packages = { directory: string; files: readonly string[]; said: string }

/** Builds packages as `scripts/package` with these options does. */
export function buildPackages(t: Test, options: readonly string[]): Packages {
  const directory = mkdtempSync(join(tmpdir(), 'packages-'))
  t.teardown(() => {
    rmSync(directory, { recursive: true, force: true })
  })
  // The test runner's loader, which it puts into every child's environment, is not ours to test.
  const argv = ['-u', 'NODE_OPTIONS', script, ...options, directory]
  const said = execFileSync('env', argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  return { directory, files: readdirSync(directory).toSorted(), said }
}

/** For tap's `skip`: false where all these programs are, else which one is missing. */
export function skipWithout(...programs: string[]): string | false {
  const missing = programs.find((program) => {
    try {
      execFileSync('sh', ['-c', 'command -v "$1"', 'sh', program], { stdio: 'ignore' })
      return false
    } catch {
      return true
    }
  })
  return missing !== undefined && `${missing} is missing; scripts/install-packages installs it`
}

/** For tap's `skip`: false where Node is a Debian package, on which a .deb can depend. */
export function skipWithoutNodePackage(): string | false {
  try {
    const said = execFileSync('dpkg', ['-s', 'nodejs'], { encoding: 'utf8', stdio: 'pipe' })
    return /ok installed/.test(said) ? false : 'the package nodejs is not installed'
  } catch {
    return 'nodejs is no Debian package here'
  }
}
