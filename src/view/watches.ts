import { uptime } from 'node:os'
import type { PauseEnd } from '../registry/pause-end.ts'
import type { KnownRecords } from '../registry/record-file.ts'
import type { MonitorRecord } from '../registry/record.ts'
import { Registry, type Entry } from '../registry/registry.ts'
import type { Tally } from '../registry/tally.ts'
import { marginMs, overdueMs, starvedMs } from './overdue.ts'

/** What a watch is in, as seen from outside. */
export type WatchState =
  | MonitorRecord['state']
  /** the process is gone without a word */
  | 'vanished'
  /** the process is there, but has been silent for longer than its timing allows */
  | 'hangs'
  /** it has ended, and said how */
  | 'ended'
  /** there is a record, but it cannot be read */
  | 'unreadable'

/** One watch as seen now. */
export type SeenWatch = {
  id: string
  state: WatchState
  /** since when it is in that state, as far as that is known (ISO 8601) */
  since?: string
  /** clp_sambamon or clp_nfsmon; empty where the record cannot be read */
  command: string
  /** the share or directory */
  target: string
  /** the address of the server */
  server: string
  pid?: number
  startedAt?: string
  /** failures in a row, and how many there may be before the server is judged abnormal (0: unknown) */
  failures: number
  attempts: number
  worstCaseMs?: number
  lastCheck?: MonitorRecord['lastCheck']
  /** how long the last check took that the server passed */
  lastResponseMs?: number
  nextCheck?: string
  /** how late the next check is, or for how long none has counted, where that is more than a busy host explains */
  lateMs?: number
  pausedSince?: string
  /** how long it has been paused by now */
  pausedForMs?: number
  /** of a pause that ends by itself: when, in how long, and how often it may still be put off */
  pauseEnd?: { until: string; leftMs: number; extensionsLeft: number }
  ended?: MonitorRecord['ended']
  /** what probably keeps the server from serving */
  diagnosis?: MonitorRecord['diagnosis']
  /** a drill under way: failures are only pretended */
  drill?: MonitorRecord['drill']
  /** why the record cannot be read */
  problem?: string
  /** what has been warned of and is not over yet */
  warnings?: MonitorRecord['warnings']
  /** what it has done to mend its server, where it may */
  repair?: MonitorRecord['repair']
  /** what it has counted; an older version counts nothing */
  tally?: Tally
}

/** A server and what is watched of it. */
export type ServerWatches = { server: string; state: WatchState; watches: SeenWatch[] }

/** After a suspension of the machine a pause may end so much later than it should. */
const pauseMarginMs = 30_000 + marginMs

/** Sees all watches of this host, again and again; only what has changed is read anew. */
export class WatchReader {
  readonly #registry: Pick<Registry, 'list'>
  readonly #known: KnownRecords = new Map()
  readonly #uptimeMs: () => number
  readonly #now: () => Date

  constructor(
    directory: string,
    {
      registry = new Registry(directory),
      uptimeMs = () => uptime() * 1000,
      now = () => new Date(),
    }: {
      registry?: Pick<Registry, 'list'>
      uptimeMs?: () => number
      now?: () => Date
    } = {},
  ) {
    this.#registry = registry
    this.#uptimeMs = uptimeMs
    this.#now = now
  }

  /** All watches as seen now, in the order of their identifiers. */
  async read(): Promise<SeenWatch[]> {
    const entries = await this.#registry.list(this.#known)
    const seenAt = { uptimeMs: this.#uptimeMs(), now: this.#now() }
    const watches: SeenWatch[] = []
    for (const [stem, entry] of entries) {
      const watch = seenWatch(stem, entry, seenAt)
      if (watch !== undefined) watches.push(watch)
    }
    return watches.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  }
}

/** When something was seen: by the time since the machine started, and by the time of day. */
export type SeenAt = { uptimeMs: number; now: Date }

/** What an entry of the registry looks like at a moment; undefined where there is none. */
export function seenWatch(stem: string, entry: Entry, at: SeenAt): SeenWatch | undefined {
  if (entry.kind === 'none') return undefined
  if (entry.kind === 'unreadable') {
    const unknown = { command: '', target: '', server: '', failures: 0, attempts: 0 }
    return { id: stem, state: 'unreadable', ...unknown, problem: entry.reason }
  }
  const { record } = entry
  const state = stateOf(entry.kind, record, at)
  const isLive = entry.kind === 'live'
  const { lastCheck, nextCheck, pausedSince, ended, tally, repair } = record
  const { diagnosis, warnings, pauseEnd, drill } = record
  const lastResponseMs = lastResponse(record)
  const lateMs = isLive ? Math.max(overdueMs(record, at.uptimeMs), starvedMs(record)) : 0
  return {
    id: record.id,
    state,
    since: ended?.at ?? record.since,
    command: record.command,
    ...splitTarget(record.target),
    pid: record.process.pid,
    startedAt: record.startedAt,
    failures: record.failures,
    attempts: record.retries + 1,
    worstCaseMs: record.worstCaseMs,
    ...(lastCheck !== undefined && { lastCheck }),
    ...(lastResponseMs !== undefined && { lastResponseMs }),
    ...(nextCheck !== undefined && isLive && { nextCheck }),
    ...(lateMs > 0 && { lateMs }),
    ...(pausedSince !== undefined &&
      isLive && { pausedSince, pausedForMs: pauseMs(record, pausedSince, at) }),
    ...(pauseEnd !== undefined && isLive && { pauseEnd: seenPauseEnd(pauseEnd, at) }),
    ...(ended !== undefined && { ended }),
    ...(warnings !== undefined && isLive && { warnings }),
    ...(diagnosis !== undefined && { diagnosis }),
    ...(repair !== undefined && { repair }),
    ...(drill !== undefined && isLive && { drill }),
    ...(tally !== undefined && { tally }),
  }
}

/** Watches by the server they watch, in the order of the servers; a server is in the gravest state of its watches. */
export function byServer(watches: readonly SeenWatch[]): ServerWatches[] {
  const servers = new Map<string, SeenWatch[]>()
  for (const watch of watches) {
    const others = servers.get(watch.server)
    if (others === undefined) servers.set(watch.server, [watch])
    else others.push(watch)
  }
  return Array.from(servers, ([server, its]) => ({
    server,
    state: gravest(its),
    watches: its,
  })).toSorted((a, b) => (a.server < b.server ? -1 : 1))
}

/** States, the gravest first. */
export const statesByGravity = [
  'vanished',
  'hangs',
  'unreadable',
  'abnormal',
  'repairing',
  'failing',
  'ended',
  'ending',
  'paused',
  'starting',
  'watching',
] as const satisfies readonly WatchState[]

function gravest(watches: readonly SeenWatch[]): WatchState {
  const states = new Set(watches.map(({ state }) => state))
  return statesByGravity.find((state) => states.has(state)) ?? 'watching'
}

function stateOf(
  kind: 'live' | 'ended' | 'dead',
  { state, uptimeMs, worstCaseMs, pauseEnd }: MonitorRecord,
  at: SeenAt,
): WatchState {
  if (kind === 'ended') return 'ended'
  if (kind === 'dead') return 'vanished'
  if (state === 'paused' && pauseEnd !== undefined) {
    return at.uptimeMs - pauseEnd.untilUptimeMs > pauseMarginMs ? 'hangs' : state
  }
  // A pause writes nothing while it lasts, and need not.
  if (state === 'paused' || uptimeMs === undefined) return state
  return at.uptimeMs - uptimeMs > worstCaseMs + marginMs ? 'hangs' : state
}

/** By the uptime where it is known: the time of day may have been set since. */
function pauseMs(record: MonitorRecord, pausedSince: string, at: SeenAt): number {
  // An older version says only when the record was written, which then was at the beginning.
  const since = record.pausedUptimeMs ?? record.uptimeMs
  const ms = since === undefined ? at.now.getTime() - Date.parse(pausedSince) : at.uptimeMs - since
  return Number.isFinite(ms) ? Math.max(0, Math.round(ms)) : 0
}

function seenPauseEnd(
  { until, untilUptimeMs, extensionsLeft }: PauseEnd,
  { uptimeMs }: SeenAt,
): NonNullable<SeenWatch['pauseEnd']> {
  return { until, leftMs: Math.max(0, Math.round(untilUptimeMs - uptimeMs)), extensionsLeft }
}

function lastResponse({ tally, lastCheck }: MonitorRecord): number | undefined {
  const good = tally?.recent.findLast(([, , verdict]) => verdict === 0)
  return good?.[1] ?? (lastCheck?.verdict === 'ok' ? lastCheck.ms : undefined)
}

/** A record names its target as `share @ address`; an address holds no blank. */
function splitTarget(target: string): { target: string; server: string } {
  const at = target.lastIndexOf(' @ ')
  return at < 0
    ? { target, server: '' }
    : { target: target.slice(0, at), server: target.slice(at + 3) }
}
