/** Where a repair has its time from. */
export type RepairClock = {
  /** monotonic milliseconds */
  now: () => number
  /** milliseconds since the machine started, its suspended time included */
  uptime: () => number
  date: () => Date
  setTimer: (ms: number, callback: () => void) => () => void
}
