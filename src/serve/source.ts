import type { LogLevel } from '../alert/announcement.ts'
import type { LastCheck } from '../registry/status.ts'
import type { SeenWatch } from '../view/watches.ts'

/** One watch, as others see it. */
export type Watch = SeenWatch

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
  level?: LogLevel | undefined
  /** the event's ID */
  event?: number | undefined
  /** somewhere in the message, in capitals or not */
  text?: string | undefined
  /** the identifier of the watch that gave it */
  watch?: string | undefined
}

/** Alerts of one host, and where to go on from. */
export type AlertPage = {
  alerts: Alert[]
  next: string | undefined
  /** the place that was asked for is gone: what came after it is not known */
  isLost?: true
}

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
