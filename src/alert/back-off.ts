const firstMs = 1000
const longestMs = 300_000
const longestWishMs = 3_600_000

/**
 * How long to wait after so many failures in a row: twice as long each time, and never quite as long
 * as others wait who failed at the same moment.
 */
export function backOffMs(failures: number, random: () => number = Math.random): number {
  const whole = Math.min(longestMs, firstMs * 2 ** Math.min(30, Math.max(0, failures - 1)))
  return Math.round(whole * (0.5 + random() / 2))
}

/** How long a receiver wants to be left alone, by its header Retry-After: seconds or a date, an hour at most. */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined
  const ms = /^\d+$/.test(header.trim())
    ? Number(header) * 1000
    : Date.parse(header) - now.getTime()
  return Number.isNaN(ms) ? undefined : Math.min(longestWishMs, Math.max(0, ms))
}
