import { uptime } from 'node:os'

/** Where the watch has its time from. */
export type Clock = {
  /** monotonic milliseconds; stands still while the machine is suspended */
  now: () => number
  /** milliseconds since the machine started, its suspended time included */
  uptime: () => number
  /** the time of day, for showing only */
  date: () => Date
  /** calls back once after so many milliseconds, unless the function it returns is called first */
  setTimer: (ms: number, callback: () => void) => () => void
}

/** The clock of this machine. */
export const systemClock: Readonly<Clock> = {
  now: () => performance.now(),
  uptime: () => uptime() * 1000,
  date: () => new Date(),
  setTimer: (ms, callback) => {
    const timer = setTimeout(callback, ms)
    return () => {
      clearTimeout(timer)
    }
  },
}
