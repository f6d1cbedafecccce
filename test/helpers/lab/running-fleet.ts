import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { layoutUnder } from '../../../src/registry/layout.ts'
import { decodeRecord, type MonitorRecord } from '../../../src/registry/record.ts'

const root = join(import.meta.dirname, '../../..')

/** One `[[watch]]` of a list. */
export type ListedWatch = Readonly<Record<string, string | number>> & { id: string }

/** Where the two kinds of watches of a list find their servers. */
export type Grounds = { samba: string; nfs: string; credentials: string }

/** So many watches, half of them of Samba and half of NFS, and of these half of each version. */
export function manyWatches(count: number, { samba, nfs, credentials }: Grounds): ListedWatch[] {
  const kinds = [
    { kind: 'samba', share: 'user', address: samba, credentials },
    { kind: 'nfs', directory: '/srv/nfs/data', address: nfs, 'nfs-version': '3' },
    { kind: 'samba', share: 'guest', address: samba },
    { kind: 'nfs', directory: '/data', address: nfs, 'nfs-version': '4.1' },
  ]
  return Array.from({ length: count }, (_, at) => ({ id: `w${at}`, ...kinds[at % kinds.length] }))
}

/** What stands at the head of a list. */
export type ListHead = { 'exit-on': string; limits?: Readonly<Record<string, number>> }

/** The text of a list. */
export function listText(
  watches: readonly ListedWatch[],
  { limits = {}, ...head }: ListHead,
  defaults: Readonly<Record<string, string | number>>,
): string {
  const lines = (table: Readonly<Record<string, string | number>>) =>
    Object.entries(table).map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
  return [
    ...lines(head),
    '[limits]',
    ...lines(limits),
    '[defaults]',
    ...lines(defaults),
    ...watches.flatMap((watch) => ['[[watch]]', ...lines(watch)]),
    '',
  ].join('\n')
}

/** A line of the log: an alert, or what was noted. */
export type Said = {
  kind: string
  id?: number
  level: string
  time: string
  message: string
  monitor?: string
}

/** Makes a directory of state with a license and a login; gives the login's file. */
export function stateDirectory(directory: string): string {
  mkdirSync(directory, { recursive: true })
  const credentials = join(directory, 'login')
  writeFileSync(credentials, 'username = labuser\npassword = Lab-Pass1\n', { mode: 0o600 })
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, 'bin/clplcnsc'), '--community'],
    {
      env: { PATH: process.env.PATH, CLP_FSMON_ROOT: directory },
      encoding: 'utf8',
    },
  )
  if (status !== 0) throw new Error(`no license: ${stderr}`)
  return credentials
}

/** A built `clp_fsmon run` over a list, and what can be seen of it from outside. */
export class RunningFleet {
  readonly #directory: string
  readonly #child: ChildProcess
  #err = ''
  /** resolves with its exit status, null when a signal ended it */
  readonly ended: Promise<number | null>

  constructor(directory: string, list: string, runtime: readonly string[] = []) {
    this.#directory = directory
    const file = join(directory, 'watches.toml')
    writeFileSync(file, list)
    const words = [...runtime, join(root, 'bin/clp_fsmon'), 'run', file]
    this.#child = spawn('env', ['-u', 'NODE_OPTIONS', process.execPath, ...words], {
      env: { PATH: process.env.PATH, LANG: 'C', CLP_FSMON_ROOT: directory },
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: directory,
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#err = (this.#err + text).slice(-4000)
    })
    this.ended = once(this.#child, 'exit').then(([status]: unknown[]) => status as number | null)
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** The last of what it said on standard error. */
  get lastWords(): string {
    return this.#err
  }

  /** Sends a signal, unless it has ended. */
  kill(signal: NodeJS.Signals): void {
    if (!this.hasEnded) this.#child.kill(signal)
  }

  /** The record of an ID, its own is `watches`. */
  record(id: string): MonitorRecord | undefined {
    try {
      const file = join(layoutUnder(this.#directory).run, `${id}.json`)
      const found = decodeRecord(readFileSync(file, 'utf8'))
      return found.kind === 'record' ? found.record : undefined
    } catch {
      return undefined
    }
  }

  /** The records of all its watches. */
  records(): MonitorRecord[] {
    const { run } = layoutUnder(this.#directory)
    // There is none before the first of them has its ID.
    return (existsSync(run) ? readdirSync(run) : [])
      .filter((name) => name.endsWith('.json') && name !== 'watches.json')
      .flatMap((name) => this.record(name.slice(0, -'.json'.length)) ?? [])
      .filter(({ process: { pid } }) => pid === this.pid)
  }

  /** All that it has said. */
  said(): Said[] {
    try {
      const text = readFileSync(join(layoutUnder(this.#directory).log, 'alert.log'), 'utf8')
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Said)
    } catch {
      return []
    }
  }

  /** What it has used of processors so far. */
  cpuMs(): number {
    const stat = readFileSync(`/proc/${this.pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  }

  /** What is its alone, and would be free if it ended. */
  privateKb(): number {
    const rollup = readFileSync(`/proc/${this.pid}/smaps_rollup`, 'utf8')
    const kb = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(rollup)?.[1])
    return kb('Private_Clean') + kb('Private_Dirty')
  }

  /** How many descriptors it has open. */
  descriptors(): number {
    return readdirSync(`/proc/${this.pid}/fd`).length
  }
}
