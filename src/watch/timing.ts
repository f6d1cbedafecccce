/** How often a server is asked, how long it may take, and how many failures in a row make it abnormal. */
export type Timing = {
  /** from the end of a good check to the start of the next */
  intervalMs: number
  /** from the end of a bad check to the start of the next */
  retryIntervalMs: number
  /** over all stages of one check */
  deadlineMs: number
  /** checks after the first failure that must fail as well */
  retries: number
  /** from the start of the watch: failures until then do not count as long as there was no success */
  startWaitMs?: number
  /** what a failure counts at least, where a server that is at work is weighed; 1 unless told */
  leastWeight?: number
  /** what may be spent on repairing a server before it is judged abnormal */
  repairMs?: number
}

/** How many checks in a row have to fail. */
export function attempts(timing: Timing): number {
  return 1 + timing.retries
}

/** The longest time from a server's death to its being judged abnormal, as long as this host is well. */
export function worstCaseDetectionMs(timing: Timing): number {
  const { intervalMs, retryIntervalMs, deadlineMs, leastWeight = 1, repairMs = 0 } = timing
  const checks = Math.ceil(attempts(timing) / leastWeight)
  return intervalMs + checks * deadlineMs + (checks - 1) * retryIntervalMs + repairMs
}
