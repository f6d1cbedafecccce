/** When a pause ends by itself, and how often it may still be put off. */
export type PauseEnd = {
  /** the time of day that this came to when it was written; for showing only */
  until: string
  /** the same in milliseconds since the machine started */
  untilUptimeMs: number
  extensionsLeft: number
}

/** Whether a value says when a pause ends. */
export function isPauseEnd(value: unknown): value is PauseEnd {
  if (typeof value !== 'object' || value === null) return false
  const { until, untilUptimeMs, extensionsLeft }: Partial<Record<keyof PauseEnd, unknown>> = value
  return (
    typeof until === 'string' &&
    until.length <= 100 &&
    typeof untilUptimeMs === 'number' &&
    typeof extensionsLeft === 'number'
  )
}
