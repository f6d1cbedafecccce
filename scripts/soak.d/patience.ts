/** How often a monitor of the soak asks, in whole seconds; retries come after the same interval. */
export type Patience = { intervalS: number; retries: number; deadlineS: number }

/** The command line's words for it. */
export function wordsOf({ intervalS, retries, deadlineS }: Patience): string[] {
  return ['-i', String(intervalS), '-c', String(retries), '-r', String(deadlineS)]
}

/**
 * No outage that is shorter can be told from a healthy server: the last of 1 + c checks in a row
 * begins no earlier than c intervals after the first of them has failed.
 */
export function leastMs({ intervalS, retries }: Patience): number {
  return retries * intervalS * 1000
}

/** What the manual promises: (1 + c)·r + c·i, and an interval more before the first check that fails. */
export function promisedMs({ intervalS, retries, deadlineS }: Patience): number {
  return (1 + retries) * (deadlineS + intervalS) * 1000
}
