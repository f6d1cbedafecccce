import { watch } from 'node:fs'
import { lstat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { decodeCursor, encodeCursor } from './alert-history.ts'
import { alertMatcher, type AlertFilter } from './alert-filter.ts'
import { closeLog, headOf, logPaths, openLog, type LogSource } from './log-files.ts'
import { linesForward } from './log-lines.ts'
import { decodeAlert, type SeenAlert } from './seen-alert.ts'

/** How a log is followed. */
export type FollowRequest = {
  /** from this place on: the `end` of a page */
  after: string
  filter?: AlertFilter
  /** ends the following, without an error */
  signal: AbortSignal
  /** how often to look where the kernel does not tell of changes */
  pollMs?: number
}

/**
 * Goes on with what arrives in the alert log, in handfuls and in order. A file that was rotated away is
 * still looked at, for a monitor notices the new one only with its next line.
 */
export async function* followAlerts(
  path: string,
  { after, filter = {}, signal, pollMs = 1000 }: FollowRequest,
): AsyncGenerator<SeenAlert[]> {
  const matches = alertMatcher(filter)
  const changes = new Changes(path, pollMs, signal)
  const reader = new TailReader()
  try {
    let isFirst = true
    let seen = ''
    while (!signal.aborted) {
      const looksLike = await signatureOf(path)
      if (looksLike !== seen) {
        seen = looksLike
        const sources = await openLog(path)
        try {
          if (isFirst) await reader.startAt(sources, after)
          isFirst = false
          for await (const alerts of reader.read(sources)) {
            const wanted = alerts.filter(matches)
            if (wanted.length > 0) yield wanted
            if (signal.aborted) return
          }
        } finally {
          await closeLog(sources)
        }
      }
      await changes.next()
    }
  } finally {
    changes.close()
  }
}

/** The place in a file after which nothing comes any more. */
const done = Number.POSITIVE_INFINITY

/** How far each file was read; a file is known by its beginning. */
class TailReader {
  readonly #offsets = new Map<string, number>()

  /** Takes all that is before a place for read. */
  async startAt(sources: readonly LogSource[], after: string): Promise<void> {
    const place = decodeCursor(after)
    const heads = await Promise.all(sources.map(headOf))
    const at = place === undefined ? -1 : heads.lastIndexOf(place.head)
    for (const [i, head] of heads.entries()) {
      if (head === undefined || i > at) continue
      const { isCompressed, size } = sources[i] ?? {}
      this.#offsets.set(head, isCompressed === true ? done : (size ?? 0))
    }
    if (place !== undefined && at >= 0) this.#offsets.set(place.head, place.offset)
  }

  /** What is new in these files, the oldest first. */
  async *read(sources: readonly LogSource[]): AsyncGenerator<SeenAlert[]> {
    const heads: (string | undefined)[] = []
    for (const source of sources) heads.push(await headOf(source))
    const lastKnown = heads.findLastIndex((head) => head !== undefined && this.#offsets.has(head))
    const now = new Set<string>()
    for (const [i, source] of sources.entries()) {
      const head = heads[i]
      if (head === undefined) continue
      now.add(head)
      const offset = this.#offsets.get(head)
      // What is older than a file that we know, and new to us, was put there and has not arrived.
      if (offset === undefined && i < lastKnown) continue
      // One that was compressed before it was read to its end is read once more; then it is over.
      if (offset === done || (!source.isCompressed && source.size === offset)) continue
      // What was cut short goes on from where it ends now.
      const from = source.isCompressed ? (offset ?? 0) : Math.min(offset ?? 0, source.size)
      this.#offsets.set(head, from)
      for await (const lines of linesForward(source, from)) {
        const last = lines.at(-1)
        if (last === undefined) continue
        this.#offsets.set(head, last.end)
        yield lines.flatMap(({ end, text }) => {
          const alert = text === undefined ? undefined : decodeAlert(text)
          return alert === undefined
            ? []
            : [{ cursor: encodeCursor({ head, offset: end }), ...alert }]
        })
      }
      if (source.isCompressed) this.#offsets.set(head, done)
    }
    for (const head of this.#offsets.keys()) if (!now.has(head)) this.#offsets.delete(head)
  }
}

/** Wakes up when a directory changes, or after a while. */
class Changes {
  readonly #pollMs: number
  readonly #signal: AbortSignal
  readonly #close: () => void
  #hasChanged = false
  #wake: () => void = () => undefined

  constructor(path: string, pollMs: number, signal: AbortSignal) {
    this.#pollMs = pollMs
    this.#signal = signal
    this.#close = listenTo(path, () => {
      this.#hasChanged = true
      this.#wake()
    })
  }

  /** Resolves with the next change, the next poll, or the end. */
  async next(): Promise<void> {
    if (!this.#hasChanged && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer)
          this.#signal.removeEventListener('abort', wake)
          resolve()
        }
        const timer = setTimeout(wake, this.#pollMs)
        this.#signal.addEventListener('abort', wake)
        this.#wake = wake
      })
    }
    this.#hasChanged = false
  }

  close(): void {
    this.#close()
  }
}

/** Where the kernel does not tell, as without room for one more watch, polling has to do. */
function listenTo(path: string, onChange: () => void): () => void {
  try {
    const name = basename(path)
    const watcher = watch(dirname(path), { persistent: false }, (_, file) => {
      if (file === null || file.startsWith(name)) onChange()
    })
    watcher.on('error', () => {
      watcher.close()
    })
    return () => {
      watcher.close()
    }
  } catch {
    return () => undefined
  }
}

/** What a log looks like from outside; the same as long as nothing was added or renamed. */
async function signatureOf(path: string): Promise<string> {
  const parts: string[] = []
  for (const file of await logPaths(path)) {
    try {
      const { ino, size, mtimeMs } = await lstat(file)
      parts.push(`${file} ${ino} ${size} ${mtimeMs}`)
    } catch {
      // Gone since; the next look shows what became of it.
      parts.push(file)
    }
  }
  return parts.join('\n')
}
