import { alertMatcher, type AlertFilter } from './alert-filter.ts'
import { closeLog, headOf, openLog, type LogSource } from './log-files.ts'
import { linesBackward, linesForward, type LogLine } from './log-lines.ts'
import { decodeAlert, type SeenAlert } from './seen-alert.ts'

/** Which page of the alert log is wanted; without `before` and `after` the last one. */
export type PageRequest = {
  /** so many alerts at most */
  limit: number
  /** those before this cursor, or those after it; not both */
  before?: string
  after?: string
  filter?: AlertFilter
  /** ends the reading, with an error */
  signal?: AbortSignal
}

/** Some alerts of the log, the oldest first. */
export type AlertPage = {
  alerts: SeenAlert[]
  /** what to ask for alerts before these with; none where there are no older ones */
  older?: string
  /** what to ask for alerts after these with; none where the page reaches to the end */
  newer?: string
  /** the place to which the log was read, also where nothing was found; follow it from here */
  end: string
  /** lines that were no alerts, or too long */
  skipped: number
  /** the file that the cursor pointed into is not there any more: alerts may be missing */
  isLost?: true
}

/** The place before everything. */
export const beginning = '0'

/** Reads a page of the alert log and of the files that it was rotated into; memory hangs on the page alone. */
export async function readAlerts(path: string, request: PageRequest): Promise<AlertPage> {
  const sources = await openLog(path)
  try {
    const { before, after } = request
    if (after !== undefined) return await readForward(sources, after, request)
    return await readBackward(sources, before, request)
  } finally {
    await closeLog(sources)
  }
}

/** A place in a log: a file, known by its beginning, and bytes from there once it is unpacked. */
export type Place = { head: string; offset: number }

/** Takes a cursor apart; undefined for what is none. */
export function decodeCursor(cursor: string): Place | undefined {
  const [, head, offset] = /^([\w-]{12})\.(\d{1,15})$/.exec(cursor) ?? []
  return head === undefined ? undefined : { head, offset: Number(offset) }
}

/** The cursor of a place. */
export function encodeCursor({ head, offset }: Place): string {
  return `${head}.${offset}`
}

type Found = { source: LogSource; end: number; alert: Omit<SeenAlert, 'cursor'> }

/** Sorts out lines, and counts those that are none. */
class Sieve {
  readonly #matches: ReturnType<typeof alertMatcher>
  readonly #signal: AbortSignal | undefined
  skipped = 0

  constructor({ filter = {}, signal }: PageRequest) {
    this.#matches = alertMatcher(filter)
    this.#signal = signal
  }

  take({ text }: LogLine): Found['alert'] | undefined {
    const alert = text === undefined ? undefined : decodeAlert(text)
    if (alert === undefined) this.skipped += 1
    return alert !== undefined && this.#matches(alert) ? alert : undefined
  }

  checkSignal(): void {
    this.#signal?.throwIfAborted()
  }
}

async function readBackward(
  sources: readonly LogSource[],
  before: string | undefined,
  request: PageRequest,
): Promise<AlertPage> {
  const sieve = new Sieve(request)
  const place = before === undefined ? undefined : decodeCursor(before)
  const first = place === undefined ? sources.length - 1 : await indexOf(sources, place.head)
  if (before !== undefined && (place === undefined || first < 0)) {
    return { alerts: [], end: before, skipped: 0, isLost: true }
  }
  // One more than is asked for shows whether there are older ones.
  const wanted = request.limit + 1
  const found: Found[] = []
  let end: { source: LogSource; offset: number } | undefined
  for (let i = first; i >= 0 && found.length < wanted; i -= 1) {
    const source = sources[i]
    if (source === undefined) break
    const limit = i === first ? place?.offset : undefined
    const lastEnd = source.isCompressed
      ? await takeLast(source, limit, wanted - found.length, sieve, found)
      : await takeFromEnd(source, limit, wanted, sieve, found)
    if (lastEnd !== undefined) end ??= { source, offset: lastEnd }
  }
  const hasOlder = found.length > request.limit
  const alerts = await withCursors(found.slice(0, request.limit).toReversed())
  const [oldest] = alerts
  const newest = alerts.at(-1)
  return {
    alerts,
    ...(hasOlder && oldest !== undefined && { older: oldest.cursor }),
    ...(before !== undefined && { newer: newest?.cursor ?? before }),
    end: before ?? (await cursorOf(end?.source, end?.offset)),
    skipped: sieve.skipped,
  }
}

/** Adds the alerts of a file to those that were found, the newest first; tells where its last line ends. */
async function takeFromEnd(
  source: LogSource,
  limit: number | undefined,
  wanted: number,
  sieve: Sieve,
  found: Found[],
): Promise<number | undefined> {
  let lastEnd: number | undefined
  for await (const lines of linesBackward(source, limit ?? source.size)) {
    sieve.checkSignal()
    for (const line of lines) {
      lastEnd ??= line.end
      if (line.end === limit) continue
      const alert = sieve.take(line)
      if (alert !== undefined) found.push({ source, end: line.end, alert })
      if (found.length >= wanted) return lastEnd
    }
  }
  return lastEnd
}

/** The same for a compressed file, which can only be read from its beginning. */
async function takeLast(
  source: LogSource,
  limit: number | undefined,
  wanted: number,
  sieve: Sieve,
  found: Found[],
): Promise<number | undefined> {
  let lastEnd: number | undefined
  let last: Found[] = []
  let isDone = false
  for await (const lines of linesForward(source, 0)) {
    sieve.checkSignal()
    for (const line of lines) {
      isDone = limit !== undefined && line.end >= limit
      if (isDone) break
      lastEnd = line.end
      const alert = sieve.take(line)
      if (alert !== undefined) last.push({ source, end: line.end, alert })
    }
    if (last.length > 2 * wanted) last = last.slice(-wanted)
    if (isDone) break
  }
  found.push(...last.slice(-wanted).toReversed())
  return lastEnd
}

async function readForward(
  sources: readonly LogSource[],
  after: string,
  request: PageRequest,
): Promise<AlertPage> {
  const sieve = new Sieve(request)
  const place = decodeCursor(after)
  const first = place === undefined ? -1 : await indexOf(sources, place.head)
  const isLost = first < 0 && after !== beginning
  const found: Found[] = []
  let end: { source: LogSource; offset: number } | undefined
  let isFull = false
  for (let i = Math.max(0, first); i < sources.length && !isFull; i += 1) {
    const source = sources[i]
    if (source === undefined) break
    for await (const lines of linesForward(source, i === first ? (place?.offset ?? 0) : 0)) {
      sieve.checkSignal()
      for (const line of lines) {
        end = { source, offset: line.end }
        const alert = sieve.take(line)
        if (alert !== undefined) found.push({ source, end: line.end, alert })
        isFull = found.length >= request.limit
        if (isFull) break
      }
      if (isFull) break
    }
  }
  const alerts = await withCursors(found)
  const [oldest] = alerts
  const endCursor =
    end === undefined ? (isLost ? beginning : after) : await cursorOf(end.source, end.offset)
  return {
    alerts,
    ...(oldest !== undefined && { older: oldest.cursor }),
    ...(isFull && { newer: endCursor }),
    end: endCursor,
    skipped: sieve.skipped,
    ...(isLost && { isLost }),
  }
}

/** The newest file of that head: what was copied has the same as its copy. */
async function indexOf(sources: readonly LogSource[], head: string): Promise<number> {
  for (let i = sources.length - 1; i >= 0; i -= 1) {
    const source = sources[i]
    if (source !== undefined && (await headOf(source)) === head) return i
  }
  return -1
}

async function withCursors(found: readonly Found[]): Promise<SeenAlert[]> {
  const heads = new Map<LogSource, string | undefined>()
  const alerts: SeenAlert[] = []
  for (const { source, end, alert } of found) {
    if (!heads.has(source)) heads.set(source, await headOf(source))
    alerts.push({ cursor: encodeCursor({ head: heads.get(source) ?? '', offset: end }), ...alert })
  }
  return alerts
}

async function cursorOf(
  source: LogSource | undefined,
  offset: number | undefined,
): Promise<string> {
  const head = source === undefined ? undefined : await headOf(source)
  return head === undefined || offset === undefined ? beginning : encodeCursor({ head, offset })
}
