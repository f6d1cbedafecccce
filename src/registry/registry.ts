import { linkSync, renameSync, unlinkSync } from 'node:fs'
import { unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { codeOf } from './code-of.ts'
import { diskOf } from './disk.ts'
import { askMonitor, isListening, type ControlReply } from './control-client.ts'
import type { ControlRequest } from './control-message.ts'
import { fileStem, socketName } from './identifier.ts'
import { withLock, type HeldLock } from './lock.ts'
import { makePrivateDirectory } from './private-directory.ts'
import { identityOf, isRunning, readBootId } from './process-identity.ts'
import {
  discard,
  leftoversIn,
  prepareRecord,
  readRecord,
  readRecords,
  recordPath,
  removeLeftovers,
  type KnownRecords,
  type StoredRecord,
} from './record-file.ts'
import { recordVersion, type MonitorRecord } from './record.ts'
import { Registration, type Report } from './registration.ts'
import { RegistryError } from './registry-error.ts'

/** What is known about an ID. */
export type Entry =
  | { kind: 'none' }
  /** its monitor runs */
  | { kind: 'live'; record: MonitorRecord }
  /** its monitor has ended, and the record says how */
  | { kind: 'ended'; record: MonitorRecord }
  /** its monitor is gone without a word */
  | { kind: 'dead'; record: MonitorRecord }
  /** the record cannot be read; whether its monitor runs shows from outside */
  | { kind: 'unreadable'; reason: string; isLive: boolean }

/** What a monitor registers with. */
export type Applicant = Pick<
  MonitorRecord,
  'id' | 'command' | 'target' | 'options' | 'sharesProcess'
> & {
  status: Omit<
    MonitorRecord,
    | 'version'
    | 'id'
    | 'command'
    | 'target'
    | 'options'
    | 'sharesProcess'
    | 'process'
    | 'startedAt'
    | 'ended'
  >
}

/** What became of an application. */
export type Registered =
  | { kind: 'in-use'; entry: Entry }
  /** with what was there before, if that had not ended in good order */
  | { kind: 'registered'; registration: Registration; tookOver?: string }

/** What became of a removal. */
export type Removed = 'removed' | 'live' | 'unknown' | 'other-command'

/** How long a start waits for other starts of the same ID. */
const lockWaitMs = 30_000

/** So long a list of what lies in the directory is good enough to look for what was left behind. */
const listingMs = 1000

/** How often a start begins anew because something came between. */
const mostAttempts = 10

/** How long it may take to find out whether anybody listens on a socket. */
const knockMs = 500

/** Who watches what: the records of all monitors of this host. */
export class Registry {
  readonly #directory: string
  #listed: { at: number; names: readonly string[] } | undefined

  constructor(directory: string) {
    this.#directory = directory
  }

  /** Takes an ID for this process, if no other process has it. */
  async register(applicant: Applicant, report: Report): Promise<Registered> {
    await makePrivateDirectory(this.#directory)
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      // Most of many simultaneous starts see before it is their turn that they have lost.
      const isNeedless = async () => isLive(await this.read(applicant.id))
      const result = await withLock(
        { path: this.#lockPath(applicant.id), waitMs: lockWaitMs, isNeedless },
        (lock) => this.#claim(applicant, report, lock),
      )
      if (result === undefined) {
        const entry = await this.read(applicant.id)
        if (isLive(entry)) return { kind: 'in-use', entry }
      } else if (result !== 'lost') return result
    }
    throw new RegistryError('locked', `the record of ${applicant.id} changes again and again`)
  }

  /** What is known about an ID. */
  async read(id: string): Promise<Entry> {
    return this.#judge(await readRecord(this.#directory, id), socketName(id))
  }

  /** What is known about every ID, under the names of their files; records that are `known` already are not read again. */
  async list(known?: KnownRecords): Promise<Map<string, Entry>> {
    const entries = new Map<string, Entry>()
    const bootId = readBootId()
    for (const [stem, stored] of await readRecords(this.#directory, known)) {
      entries.set(stem, await this.#judge(stored, `${stem}.sock`, bootId))
    }
    return entries
  }

  /** Removes the record of a monitor that does not run any more. */
  async remove(id: string, command: string): Promise<Removed> {
    if ((await this.read(id)).kind === 'none') return 'unknown'
    const removed = await withLock({ path: this.#lockPath(id), waitMs: lockWaitMs }, async () => {
      const entry = await this.read(id)
      if (entry.kind === 'none') return 'unknown'
      if (isLive(entry)) return 'live'
      if ('record' in entry && entry.record.command !== command) return 'other-command'
      await unlink(recordPath(this.#directory, id))
      await discard(join(this.#directory, socketName(id)))
      await removeLeftovers(this.#directory, id, await leftoversIn(this.#directory))
      return 'removed'
    })
    return removed ?? 'unknown'
  }

  /** Asks the monitor of an ID to do something; the answer comes when it is done. */
  async ask(id: string, request: ControlRequest, signal: AbortSignal): Promise<ControlReply> {
    return askMonitor({ directory: this.#directory, name: socketName(id) }, request, signal)
  }

  /** Waits until the monitor of an ID has ended, and its process with it; false when the signal is aborted before that. */
  async waitForEnd(id: string, signal: AbortSignal): Promise<boolean> {
    for (let pauseMs = 5; ; pauseMs = Math.min(100, pauseMs * 1.5)) {
      const entry = await this.read(id)
      if (!isLive(entry) && !('record' in entry && keepsProcess(entry.record))) return true
      if (signal.aborted) return false
      await delay(pauseMs)
    }
  }

  /** Who registers thousands need not list what lies there for each of them. */
  async #leftovers(): Promise<readonly string[]> {
    const now = performance.now()
    if (this.#listed === undefined || now - this.#listed.at > listingMs) {
      this.#listed = { at: now, names: await leftoversIn(this.#directory) }
    }
    return this.#listed.names
  }

  #lockPath(id: string): string {
    return join(this.#directory, `.${fileStem(id)}.lock`)
  }

  async #claim(applicant: Applicant, report: Report, lock: HeldLock): Promise<Registered | 'lost'> {
    const { status, ...fixed } = applicant
    const { id } = fixed
    const entry = await this.read(id)
    if (isLive(entry)) return { kind: 'in-use', entry }
    await removeLeftovers(this.#directory, id, await this.#leftovers())
    const process = identityOf(globalThis.process.pid)
    if (process === undefined) throw new RegistryError('no-identity', '/proc cannot be read')
    const startedAt = new Date().toISOString()
    const record: MonitorRecord = {
      version: recordVersion,
      ...fixed,
      process,
      startedAt,
      ...status,
    }
    const disk = await diskOf(this.#directory)
    const prepared = await prepareRecord(this.#directory, record, disk).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error)
      throw new Error(`no record can be written in ${this.#directory}: ${why}`, { cause: error })
    })
    const path = recordPath(this.#directory, id)
    // From here to the end nothing may come between: whoever stood still before it starts over.
    try {
      if (!lock.isOurs()) throw new LostError()
      if (entry.kind === 'none') linkSync(prepared.path, path)
      else renameSync(prepared.path, path)
      if (entry.kind === 'none') unlinkSync(prepared.path)
    } catch (error) {
      await discard(prepared.path)
      if (error instanceof LostError || codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOENT') {
        return 'lost'
      }
      throw error
    }
    const directory = this.#directory
    const { signature } = prepared
    const registration = new Registration({ directory, disk, record, signature, report })
    const tookOver = describeTakeOver(entry)
    return { kind: 'registered', registration, ...(tookOver !== undefined && { tookOver }) }
  }

  async #judge(stored: StoredRecord, socket: string, bootId = readBootId()): Promise<Entry> {
    if (stored.kind === 'none') return stored
    const address = { directory: this.#directory, name: socket }
    if (stored.kind === 'record') {
      const { record } = stored
      if (record.ended !== undefined) return { kind: 'ended', record }
      // A process of another PID namespace cannot be seen, but what it listens on can.
      const lives =
        isRunning(record.process, bootId) ||
        (await isListening(address, AbortSignal.timeout(knockMs)))
      return { kind: lives ? 'live' : 'dead', record }
    }
    const runs = stored.kind === 'future' && stored.process && isRunning(stored.process, bootId)
    return {
      kind: 'unreadable',
      reason: stored.kind === 'future' ? `its version is ${stored.version}` : stored.reason,
      isLive: runs || (await isListening(address, AbortSignal.timeout(knockMs))),
    }
  }
}

/** The lock was lost, or the directory changed under it. */
class LostError extends Error {}

function isLive(entry: Entry): boolean {
  return entry.kind === 'live' || (entry.kind === 'unreadable' && entry.isLive)
}

function keepsProcess({ process, sharesProcess }: MonitorRecord): boolean {
  return sharesProcess !== true && isRunning(process)
}

function describeTakeOver(entry: Entry): string | undefined {
  switch (entry.kind) {
    case 'none':
    case 'ended':
    case 'live':
      return undefined
    case 'dead':
      return `process ${entry.record.process.pid} is gone without having ended in good order`
    case 'unreadable':
      return `the record could not be read: ${entry.reason}`
  }
}
