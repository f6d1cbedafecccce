/** How much later than planned the checks of a process with many watches began, of those of the last ten to twenty minutes. */
export type Lateness = {
  checks: number
  /** half of them were no later than this */
  p50Ms: number
  /** all but one in a hundred were no later than this */
  p99Ms: number
  mostMs: number
}

/** Whether a value is such figures. */
export function isLateness(value: unknown): value is Lateness {
  if (typeof value !== 'object' || value === null) return false
  const fields: Partial<Record<keyof Lateness, unknown>> = value
  return [fields.checks, fields.p50Ms, fields.p99Ms, fields.mostMs].every(
    (each) => typeof each === 'number' && each >= 0,
  )
}
