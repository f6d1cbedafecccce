import type { MonitorRecord } from '../registry/record.ts'

/** A monitor may be so much later than its timing says, on a busy host. */
export const marginMs = 10_000

/** By how much the last check of a monitor may begin late, and the next one end late, before it runs late. */
export function patienceMs({
  options,
  worstCaseMs,
}: Pick<MonitorRecord, 'options' | 'worstCaseMs'>): number {
  // A monitor of a server has it by one name, an inventory by the other.
  const { waitS, wait = waitS } = options
  return (typeof wait === 'number' ? Math.min(wait * 1000, worstCaseMs) : worstCaseMs) + marginMs
}

/**
 * For how long the next check of a monitor should have been over, even one that takes as long as it may;
 * 0 where it is in time, or none is planned. By the uptime: the time of day may have been set since.
 */
export function overdueMs(record: MonitorRecord, uptimeMs: number): number {
  const { state, lastCheck, nextCheck, uptimeMs: writtenMs } = record
  if (state !== 'starting' && state !== 'watching' && state !== 'failing') return 0
  if (lastCheck === undefined || nextCheck === undefined || writtenMs === undefined) return 0
  // Both were taken when the last check ended, so that their distance is that of the checks.
  const restMs = Date.parse(nextCheck) - Date.parse(lastCheck.at)
  if (!(restMs >= 0)) return 0
  const lateMs = uptimeMs - writtenMs - Math.min(restMs, record.worstCaseMs)
  return lateMs > patienceMs(record) ? Math.round(lateMs) : 0
}

/** So many checks in a row in which a monitor stood still are no accident: it gets no time to check. */
const starvedChecks = 3

/** The place of such a verdict among those of recent checks. */
const discarded = 3

/**
 * For how long a monitor has come to no verdict that counts, because it stood still in every check; 0 for fewer
 * than three of them in a row. After ten its failures count all the same, and a healthy server fails over.
 */
export function starvedMs({ state, tally }: MonitorRecord): number {
  if (state !== 'starting' && state !== 'watching' && state !== 'failing') return 0
  const { recent = [] } = tally ?? {}
  const last = recent.findLastIndex(([, , verdict]) => verdict !== discarded)
  const inRow = recent.slice(last + 1)
  if (inRow.length < starvedChecks) return 0
  return inRow.reduce((sum, [, ms]) => sum + ms, 0)
}
