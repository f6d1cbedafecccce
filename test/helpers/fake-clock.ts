import type { Clock } from '../../src/watch/clock.ts'

type Timer = { at: number; callback: () => void }

/** A clock that only moves when a test moves it. */
export class FakeClock implements Clock {
  #now = 1000
  #uptime = 5000
  #dateMs = Date.UTC(2026, 0, 1)
  #timers = new Set<Timer>()

  readonly now = () => this.#now
  readonly uptime = () => this.#uptime
  readonly date = () => new Date(this.#dateMs)

  readonly setTimer = (ms: number, callback: () => void) => {
    const timer = { at: this.#now + ms, callback }
    this.#timers.add(timer)
    return () => {
      this.#timers.delete(timer)
    }
  }

  /** Timers that wait. */
  get waiting(): number {
    return this.#timers.size
  }

  /** Lets the time pass as on a healthy host: every timer fires on time, and what it began goes on. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await settle()
    for (;;) {
      const next = this.#next()
      if (next === undefined || next.at > end) break
      this.#move(Math.max(0, next.at - this.#now))
      this.#timers.delete(next)
      next.callback()
      await settle()
    }
    this.#move(end - this.#now)
  }

  /** Stops the process for so long, then wakes it: timers that are due fire in a burst before anything else. */
  async freeze(ms: number): Promise<void> {
    await settle()
    this.#move(ms)
    for (;;) {
      const next = this.#next()
      if (next === undefined || next.at > this.#now) break
      this.#timers.delete(next)
      next.callback()
    }
    await settle()
  }

  /** Suspends the machine: the monotonic clock and its timers stand still. */
  suspend(ms: number): void {
    this.#uptime += ms
    this.#dateMs += ms
  }

  /** Sets the time of day. */
  setDate(ms: number): void {
    this.#dateMs = ms
  }

  #next(): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) if (first === undefined || timer.at < first.at) first = timer
    return first
  }

  #move(ms: number): void {
    this.#now += ms
    this.#uptime += ms
    this.#dateMs += ms
  }
}

/** Lets everything run that needs no time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
