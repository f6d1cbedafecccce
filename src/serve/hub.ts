import { setTimeout as delay } from 'node:timers/promises'
import { CheckHistory } from './check-history.ts'
import { limits } from './limits.ts'
import { pauseAfter } from './look-pace.ts'
import type { HostAlert } from './merged-alerts.ts'
import { encodePositions, type PositionMap } from './position-map.ts'
import type { Source, Watch } from './source.ts'
import { fingerprint, summaryOf, type WatchSummary } from './watch-summary.ts'

/** A host whose watches are shown, and how often it is asked. */
export type HubSource = { source: Source; watchesEveryMs: number; alertsEveryMs: number }

/** What is known of a host. */
export type HostStatus = {
  host: string
  /** whether it tells what it watches, and since when that is so; what is shown may be from before */
  reachable: boolean
  since: string
  problem?: string
}

/** Something that changed. */
export type HubEvent =
  | { kind: 'host'; host: HostStatus }
  | { kind: 'watch'; host: string; revision: number; watch: WatchSummary }
  | { kind: 'gone'; host: string; revision: number; id: string }
  | { kind: 'alert'; alert: HostAlert; resume: string }
  /** alerts of a host may have been missed: what is shown of them is to be read anew */
  | { kind: 'reset'; host: string; resume: string }

type Seen = { watch: Watch; print: string; revision: number }
type HostBoard = {
  source: Source
  status: HostStatus
  seen: Map<string, Seen>
  history: CheckHistory
  position: string | undefined
  hasBeenAsked: boolean
}

/** Looks at all hosts again and again, and tells its listeners what has changed. */
export class Hub {
  readonly #boards = new Map<string, HostBoard>()
  readonly #sources: readonly HubSource[]
  readonly #listeners = new Set<(events: readonly HubEvent[]) => void>()
  readonly #now: () => Date
  #revision = 0

  constructor(sources: readonly HubSource[], now: () => Date) {
    this.#sources = sources
    this.#now = now
    for (const { source } of sources) {
      const { host } = source
      this.#boards.set(host, {
        source,
        status: { host, reachable: false, since: now().toISOString(), problem: 'not asked yet' },
        seen: new Map(),
        history: new CheckHistory(),
        position: undefined,
        hasBeenAsked: false,
      })
    }
  }

  /** Looks until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(
      this.#sources.flatMap(({ source, watchesEveryMs, alertsEveryMs }) => [
        repeat(watchesEveryMs, signal, async () => this.lookAtWatches(source.host, signal)),
        repeat(alertsEveryMs, signal, async () => this.lookAtAlerts(source.host, signal)),
      ]),
    )
  }

  /** Looks once at what a host watches. */
  async lookAtWatches(host: string, signal: AbortSignal): Promise<void> {
    const board = this.#board(host)
    let watches
    try {
      watches = await board.source.watches(signal)
    } catch (error) {
      this.#setStatus(board, reasonOf(error))
      return
    }
    this.#setStatus(board, undefined)
    board.history.note(watches)
    const events: HubEvent[] = []
    const ids = new Set(watches.map(({ id }) => id))
    for (const id of board.seen.keys()) {
      if (ids.has(id)) continue
      board.seen.delete(id)
      events.push({ kind: 'gone', host, revision: (this.#revision += 1), id })
    }
    for (const watch of watches) {
      const print = fingerprint(watch)
      const before = board.seen.get(watch.id)
      if (before?.print === print) {
        before.watch = watch
        continue
      }
      const revision = (this.#revision += 1)
      board.seen.set(watch.id, { watch, print, revision })
      events.push({ kind: 'watch', host, revision, watch: summaryOf(watch) })
    }
    this.#tell(events)
  }

  /** Looks once for alerts of a host that came since the last look; a flood of them takes several looks. */
  async lookAtAlerts(host: string, signal: AbortSignal): Promise<void> {
    const board = this.#board(host)
    let page
    try {
      const { position } = board
      page = await board.source.after({ position, limit: limits.pageLength, signal })
    } catch {
      // That the host does not tell shows in its watches, too; what it said meanwhile comes later.
      return
    }
    const events: HubEvent[] = []
    // What came before the first look is not told of, but may be missing from what is shown.
    const isFirst = board.position === undefined && page.next !== undefined
    const isLost = page.isLost === true || isFirst
    for (const alert of isLost ? [] : page.alerts) {
      board.position = alert.position
      events.push({ kind: 'alert', alert: { host, ...alert }, resume: this.resume() })
    }
    if (page.next !== undefined) board.position = page.next
    if (isLost) events.push({ kind: 'reset', host, resume: this.resume() })
    this.#tell(events)
  }

  /** Where the alerts that were told of end: by it nothing is missed, and nothing comes twice. */
  resume(): string {
    return encodePositions(this.positions())
  }

  /** The same for each host whose alerts were looked at. */
  positions(): PositionMap {
    const positions = [...this.#boards].flatMap(([host, { position }]) =>
      position === undefined ? [] : [[host, position] as const],
    )
    return Object.fromEntries(positions)
  }

  /** The sources, our own host's first. */
  sources(): readonly Source[] {
    return this.#sources.map(({ source }) => source)
  }

  /** What is known of every host. */
  hosts(): readonly HostStatus[] {
    return Array.from(this.#boards.values(), ({ status }) => status)
  }

  /** What a host watches, with the revision by which each was last changed. */
  watchesOf(host: string): readonly { watch: Watch; revision: number }[] {
    return [...(this.#boards.get(host)?.seen.values() ?? [])]
  }

  /** One watch of a host with the last checks that were seen of it. */
  watch(host: string, id: string): { watch: Watch; history: CheckHistory } | undefined {
    const board = this.#boards.get(host)
    const seen = board?.seen.get(id)
    if (board === undefined || seen === undefined) return undefined
    return { watch: seen.watch, history: board.history }
  }

  /** Tells a listener what changes from now on, until the function that is returned is called. */
  subscribe(listener: (events: readonly HubEvent[]) => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  #board(host: string): HostBoard {
    const board = this.#boards.get(host)
    if (board === undefined) throw new RangeError('no such host')
    return board
  }

  #setStatus(board: HostBoard, problem: string | undefined): void {
    const { status, hasBeenAsked } = board
    const reachable = problem === undefined
    board.hasBeenAsked = true
    if (hasBeenAsked && status.reachable === reachable && status.problem === problem) return
    const hasTurned = !hasBeenAsked || status.reachable !== reachable
    board.status = {
      host: status.host,
      reachable,
      since: hasTurned ? this.#now().toISOString() : status.since,
      ...(problem !== undefined && { problem }),
    }
    this.#tell([{ kind: 'host', host: board.status }])
  }

  #tell(events: readonly HubEvent[]): void {
    if (events.length === 0) return
    for (const listener of this.#listeners) listener(events)
  }
}

async function repeat(
  everyMs: number,
  signal: AbortSignal,
  look: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    const startedAt = performance.now()
    await look()
    const tookMs = performance.now() - startedAt
    try {
      await delay(pauseAfter(tookMs, everyMs), undefined, { signal })
    } catch {
      return
    }
  }
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 200)
}
