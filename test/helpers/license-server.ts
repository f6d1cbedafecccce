import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Test } from 'tap'
import { licenseMain } from '../../src/cli/license/license-main.ts'
import { lineInput } from '../../src/cli/license/line-input.ts'

/** How a run of `clplcnsc` ended. */
export type Ran = { status: number; out: string; err: string }

/** A test has one directory; asked for a second time it would be emptied. */
const directories = new WeakMap<Test, string>()

function directoryOf(t: Test): string {
  const directory = directories.get(t) ?? t.testdir()
  directories.set(t, directory)
  return directory
}

/** A server below a directory of its own, with an id of its own, on which `clplcnsc` can be run. */
export class LicenseServer {
  readonly root: string
  readonly hostName: string

  constructor(t: Test, hostName: string, machineId: string, root = directoryOf(t)) {
    this.root = join(root, hostName)
    this.hostName = hostName
    this.write('etc/machine-id', `${machineId}\n`)
  }

  path(name: string): string {
    return join(this.root, name)
  }

  write(name: string, text: string, mode = 0o600): void {
    mkdirSync(join(this.path(name), '..'), { recursive: true, mode: 0o700 })
    writeFileSync(this.path(name), text, { mode })
  }

  get store(): string {
    return this.path('var/lib/clp-fsmon/license.json')
  }

  serials(): string[] {
    const { licenses } = JSON.parse(readFileSync(this.store, 'utf8')) as {
      licenses: { serial: string }[]
    }
    return licenses.map(({ serial }) => serial)
  }

  /** Runs `clplcnsc` in this process, as root with the given answers on standard input. */
  async run(
    argv: readonly string[],
    {
      stdin = '',
      now = '2025-12-15T12:00:00Z',
      lang = 'C',
    }: { stdin?: string; now?: string; lang?: string } = {},
  ): Promise<Ran> {
    let out = ''
    let err = ''
    const io = {
      out: (text: string) => void (out += text),
      err: (text: string) => void (err += text),
      env: { CLP_FSMON_ROOT: this.root, LANG: lang },
      uid: process.getuid?.() ?? 0,
      hostName: () => this.hostName,
    }
    const input = () => lineInput(Readable.from([Buffer.from(stdin)]))
    const status = await licenseMain(argv, io, input, new Date(now))
    return { status, out, err }
  }
}

/** Ids of machines, for tests that need several. */
export const machineIds = {
  one: '11111111111111111111111111111111',
  two: '22222222222222222222222222222222',
} as const
