import type { LastCheck } from '../registry/status.ts'
import type { Ended } from '../registry/record.ts'
import type { Tally } from '../registry/tally.ts'

/** What can be said of a watch as it is seen now. */
export type WatchState =
  | 'starting'
  | 'watching'
  | 'failing'
  | 'paused'
  | 'ending'
  /** its monitor ended in good order, or with a verdict */
  | 'ended'
  /** its monitor is gone without a word */
  | 'vanished'
  /** its monitor runs, but has not gone on for longer than it should take */
  | 'hangs'
  /** its record cannot be read */
  | 'unreadable'

/** One watch, as others see it. */
export type Watch = {
  id: string
  state: WatchState
  command: string
  /** what is watched, and on which server */
  target: string
  server: string
  since?: string
  startedAt?: string
  pid?: number
  /** failures in a row, and how many of them make the server abnormal */
  failures: number
  attempts: number
  worstCaseMs?: number
  succeeded?: boolean
  lastCheck?: LastCheck
  nextCheck?: string
  pausedSince?: string
  ended?: Ended
  /** why the record cannot be read */
  problem?: string
  tally?: Tally
}

/** How grave an alert is, the least first. */
export type AlertLevel = 'info' | 'warn' | 'error'

/** One line of the alert view. */
export type Alert = {
  /** where it is in its host's log; what came later is found by it, over rotation */
  position: string
  /** when this server got to see it, and when it was given */
  received: string
  time: string
  server: string
  module: string
  /** the identifier of the watch that gave it, where the line names it */
  watch: string | null
  /** the event's ID */
  id: number | null
  level: string
  message: string
  detail: Readonly<Record<string, unknown>>
}

/** Which alerts are wanted. */
export type AlertFilter = {
  /** this grave, or graver */
  level?: AlertLevel | undefined
  /** the event's ID */
  event?: number | undefined
  /** somewhere in the message, in capitals or not */
  text?: string | undefined
  /** the identifier of the watch that gave it */
  watch?: string | undefined
}

/** Alerts of one host, and where to go on from. */
export type AlertPage = { alerts: Alert[]; next: string | undefined }

/** The watches and alerts of one host, its own or a peer's. */
export type Source = {
  host: string
  /** What is watched, as seen now; rejects when that cannot be told. */
  watches: (signal: AbortSignal) => Promise<Watch[]>
  /** One watch with its last checks, where it is not at hand here: a peer's. */
  watch?: (id: string, signal: AbortSignal) => Promise<{ watch: Watch; checks: LastCheck[] }>
  /** The newest alerts before a position, the newest first. */
  before: (query: {
    filter: AlertFilter
    limit: number
    position: string | undefined
    signal: AbortSignal
  }) => Promise<AlertPage>
  /** The oldest alerts after a position, the oldest first, and where they end; without a position none, and the end. */
  after: (query: {
    limit: number
    position: string | undefined
    signal: AbortSignal
  }) => Promise<AlertPage>
}
