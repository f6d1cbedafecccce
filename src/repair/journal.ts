import { randomUUID } from 'node:crypto'
import { open, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '../registry/code-of.ts'
import { makePrivateDirectory } from '../registry/private-directory.ts'
import { readBootId } from '../registry/process-identity.ts'
import type { RepairClock } from './repair-clock.ts'
import type { StepEnd } from './run-step.ts'

/** A step that was begun on this host, and what is known of its end. */
export type JournalEntry = {
  key: string
  step: string
  cause: string
  /** the ID of the monitor that began it */
  watch: string
  at: string
  uptimeMs: number
  bootId: string
  /** missing while it runs, and for good when its monitor was killed meanwhile */
  end?: { how: StepEnd['how']; why: string; ms: number }
  /** whether the check after it, with nothing else between, was a success */
  mended?: boolean
}

/** What stands in the way of a step. */
export type Forbidden =
  | { why: 'per-hour' | 'per-day'; limit: number }
  /** its monitor was killed while it ran, so nobody knows how far it got */
  | { why: 'broken-off'; at: string }

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** More are not kept; the limits of a day are lower. */
const mostEntries = 1000

const mostBytes = 1024 * 1024

/** A journal that is none of ours, or no longer. */
export class DamagedJournalError extends Error {
  override readonly name = 'DamagedJournalError'
  readonly path: string

  constructor(path: string) {
    super(`${path} is damaged; remove it to repair again`)
    this.path = path
  }

  /** What it is called here is nobody's business. */
  override toString(): string {
    return this.message
  }
}

/** The file that says which steps were begun on this host. Only who holds the host's repair seat writes it. */
export class Journal {
  readonly #directory: string
  readonly #path: string
  readonly #clock: RepairClock

  constructor(directory: string, clock: RepairClock) {
    this.#directory = directory
    this.#path = join(directory, 'journal.json')
    this.#clock = clock
  }

  /** What was begun within the last day, the oldest first; rejects where the file is not one of ours. */
  async read(): Promise<JournalEntry[]> {
    let text: string
    try {
      text = await readFile(this.#path, 'utf8')
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return []
      throw error
    }
    const entries = text.length > mostBytes ? undefined : decodeJournal(text)
    // Without it nobody knows how much was done already, so nothing more may be.
    if (entries === undefined) throw new DamagedJournalError(this.#path)
    return entries.filter((entry) => this.ageMs(entry) < dayMs).slice(-mostEntries)
  }

  /** Writes down a step that is about to begin; it stands on the disk before this resolves. */
  async begin(what: Pick<JournalEntry, 'step' | 'cause' | 'watch'>): Promise<JournalEntry> {
    const entry: JournalEntry = {
      key: randomUUID(),
      step: what.step,
      cause: what.cause,
      watch: what.watch,
      at: this.#clock.date().toISOString(),
      uptimeMs: Math.floor(this.#clock.uptime()),
      bootId: readBootId(),
    }
    await makePrivateDirectory(this.#directory)
    await this.#write([...(await this.read()), entry])
    return entry
  }

  /** Writes down what became of a step. */
  async amend(entry: JournalEntry): Promise<void> {
    const entries = await this.read()
    await this.#write(entries.map((one) => (one.key === entry.key ? entry : one)))
  }

  /**
   * How long ago it was. By the uptime where that still counts, for a time of day may have been set
   * since; what seems to lie ahead counts as just begun.
   */
  ageMs({ at, uptimeMs, bootId }: JournalEntry): number {
    const ms =
      bootId === readBootId()
        ? this.#clock.uptime() - uptimeMs
        : this.#clock.date().getTime() - Date.parse(at)
    return Number.isFinite(ms) ? Math.max(0, ms) : 0
  }

  /** What keeps a step from being begun now. */
  forbids(
    step: string,
    entries: readonly JournalEntry[],
    limits: { perHour: number; perDay: number },
  ): Forbidden | undefined {
    const lately = entries.filter((entry) => this.ageMs(entry) < hourMs)
    const broken = lately.findLast((entry) => entry.step === step && entry.end === undefined)
    if (broken !== undefined) return { why: 'broken-off', at: broken.at }
    if (lately.length >= limits.perHour) return { why: 'per-hour', limit: limits.perHour }
    if (entries.length >= limits.perDay) return { why: 'per-day', limit: limits.perDay }
    return undefined
  }

  /** The new content takes the place of the old one as a whole, and only when it stands on the disk. */
  async #write(entries: readonly JournalEntry[]): Promise<void> {
    const prepared = `${this.#path}.${randomUUID()}.tmp`
    try {
      const handle = await open(prepared, 'wx', 0o600)
      try {
        await handle.writeFile(`${JSON.stringify({ version: 1, entries })}\n`)
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(prepared, this.#path)
    } catch (error) {
      await unlink(prepared).catch(() => undefined)
      throw error
    }
  }
}

/** The entries in a journal's text; undefined where it is none of this version. */
export function decodeJournal(text: string): JournalEntry[] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (!isObject(value) || value['version'] !== 1 || !Array.isArray(value['entries']))
      return undefined
    const entries: unknown[] = value['entries']
    return entries.every(isEntry) ? entries : undefined
  } catch {
    return undefined
  }
}

const texts: readonly string[] = ['key', 'step', 'cause', 'watch', 'at', 'bootId']

function isEntry(value: unknown): value is JournalEntry {
  if (!isObject(value) || typeof value['uptimeMs'] !== 'number') return false
  const { end, mended } = value
  return (
    texts.every((name) => typeof value[name] === 'string') &&
    (mended === undefined || typeof mended === 'boolean') &&
    (end === undefined ||
      (isObject(end) &&
        typeof end['how'] === 'string' &&
        typeof end['why'] === 'string' &&
        typeof end['ms'] === 'number'))
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
