import type { Clock } from './clock.ts'

/** A wake-up may come this late on a busy but working host. */
const noiseMs = 50

/** A check that lost less than this is judged whatever its deadline is. */
const leastLossMs = 250

/** The part of its deadline that a check has to lose before a failure is no longer the server's. */
const lossShare = 1 / 5

/** The kernel counts the uptime in hundredths of a second; this much of a difference means sleep. */
const leastSleepMs = 500

/**
 * Finds out whether this process ran all through a check.
 *
 * A heartbeat ticks while the check is under way. What it is late beyond scheduling noise is time in
 * which an answer may have lain unread: the process was stopped, swapped out, starved, or its loop
 * was blocked. Timers that are due run before sockets are read, so a process that is woken up after
 * its deadline reports a timeout though the answer has long been there.
 *
 * The monotonic clock goes on while a process is stopped, but stands still while the machine is
 * suspended; then the uptime, which goes on, runs away from it. The time of day is not looked at:
 * setting it must change nothing. (A virtual machine that is paused with both of its clocks shows
 * nothing here; what it costs is one failed check at most, which the retries are for.)
 */
export class StallMeter {
  readonly #clock: Clock
  readonly #beatMs: number
  readonly #limitMs: number
  readonly #sleptAtStart: number
  #expected: number
  #lostMs = 0
  #clearTimer: () => void = () => undefined

  constructor(clock: Clock, deadlineMs: number) {
    this.#clock = clock
    this.#beatMs = Math.min(1000, Math.max(20, deadlineMs / 20))
    this.#limitMs = Math.max(leastLossMs, deadlineMs * lossShare)
    // Before anything else, for the look at the uptime may itself be where we stand still.
    this.#expected = clock.now()
    this.#sleptAtStart = this.#slept()
    this.#settle()
    this.#arm()
  }

  /** Ends the heartbeat; says how much time the check lost, if that was enough to spoil it, or 0. */
  end(): number {
    this.#clearTimer()
    this.#settle()
    const slept = this.#slept() - this.#sleptAtStart
    const lost = this.#lostMs + (slept >= leastSleepMs ? slept : 0)
    return lost >= this.#limitMs ? Math.round(lost) : 0
  }

  #arm(): void {
    this.#expected = this.#clock.now() + this.#beatMs
    this.#clearTimer = this.#clock.setTimer(this.#beatMs, () => {
      this.#settle()
      this.#arm()
    })
  }

  #settle(): void {
    const lateMs = this.#clock.now() - this.#expected
    if (lateMs > noiseMs) this.#lostMs += lateMs
  }

  #slept(): number {
    return this.#clock.uptime() - this.#clock.now()
  }
}
