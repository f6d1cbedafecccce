import type { LogLevel } from '../alert/announcement.ts'
import type { SeenAlert } from './seen-alert.ts'

/** Which lines of the log are wanted; what is left out does not matter. */
export type AlertFilter = {
  /** said at this time or later */
  since?: Date
  /** the identifier of the monitor */
  monitor?: string
  /** the event's ID */
  id?: number
  /** this grave, or graver */
  level?: LogLevel
  module?: string
  /** somewhere in the message, in capitals or not */
  text?: string
  /** lines of the log that are no alerts as well */
  logLines?: boolean
}

const levels: readonly LogLevel[] = ['info', 'warn', 'error']

/** Makes of a filter what tells whether an alert is wanted. */
export function alertMatcher({
  since,
  monitor,
  id,
  level,
  module,
  text,
  logLines,
}: AlertFilter): (alert: Omit<SeenAlert, 'cursor'>) => boolean {
  const sinceMs = since?.getTime() ?? Number.NEGATIVE_INFINITY
  const least = level === undefined ? 0 : levels.indexOf(level)
  const wanted = text?.toLowerCase()
  return (alert) =>
    (logLines === true || alert.kind === 'alert') &&
    levels.indexOf(alert.level) >= least &&
    (id === undefined || alert.id === id) &&
    (monitor === undefined || alert.monitor === monitor) &&
    (module === undefined || alert.module === module) &&
    (wanted === undefined || alert.message.toLowerCase().includes(wanted)) &&
    (sinceMs === Number.NEGATIVE_INFINITY || Date.parse(alert.time) >= sinceMs)
}
