import type { Diagnosis } from './diagnosis.ts'
import type { DrillStatus } from './drill-status.ts'
import type { Lateness } from './lateness.ts'
import type { PauseEnd } from './pause-end.ts'
import type { RepairStatus } from './repair-status.ts'
import type { Tally } from './tally.ts'
import type { Warning } from './warning.ts'

/** What the last check showed. */
export type LastCheck = {
  /** when it ended */
  at: string
  verdict: 'ok' | 'failed' | 'cannot-judge' | 'discarded'
  stages: { name: string; ms: number }[]
  /** how long it took */
  ms: number
  /** how much later than planned it began: for want of a place among others, or because we stood still */
  lateMs?: number
  /** one sentence, unless all was well */
  reason?: string
}

/** What changes in a record while its monitor runs; times of day are for showing only. */
export type Status = {
  state: 'starting' | 'watching' | 'failing' | 'repairing' | 'abnormal' | 'paused' | 'ending'
  /** since when it is in that state */
  since: string
  /** failures in a row, and the retries that make the server abnormal when all of them fail */
  failures: number
  retries: number
  lastCheck?: LastCheck
  nextCheck?: string
  pausedSince?: string
  /** the same in milliseconds since the machine started */
  pausedUptimeMs?: number
  /** of a pause that ends by itself */
  pauseEnd?: PauseEnd
  worstCaseMs: number
  /**
   * when this was written, in milliseconds since the machine started: by it a reader tells a monitor
   * that stands still from one that goes on, whatever the time of day is set to
   */
  uptimeMs?: number
  /** whether the server has ever answered as it should since the monitor started */
  succeeded?: boolean
  /** what has been warned of and is not over yet; none of it changes a verdict */
  warnings?: Warning[]
  /** where something may be done for the server before it is given up */
  repair?: RepairStatus
  /** a drill under way: failures are only pretended */
  drill?: DrillStatus
  /** of a process with many watches: how punctual their checks are */
  lateness?: Lateness
  /** while the server fails, and after it was judged abnormal */
  diagnosis?: Diagnosis
  /** what was counted since the start; a monitor of an older version counts nothing */
  tally?: Tally
}
