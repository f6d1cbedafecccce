import type { Clock } from './clock.ts'

/** Why a check ended at its deadline; its name is what a probe tells a timeout by. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError'

  constructor(ms: number) {
    super(`no verdict within ${ms} ms`)
  }
}

/** Why a check ended that nobody waits for any more. */
export class AbandonedError extends Error {
  override readonly name = 'AbandonedError'

  constructor(why: string) {
    super(`the check was abandoned: ${why}`)
  }
}

/** The one deadline over all stages of a check, as a signal. */
export class Deadline {
  readonly #controller = new AbortController()
  readonly #clearTimer: () => void

  constructor(clock: Clock, ms: number) {
    this.#clearTimer = clock.setTimer(ms, () => {
      this.#controller.abort(new TimeoutError(ms))
    })
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Ends the check before its time; says nothing about the server. */
  abandon(why: string): void {
    this.#clearTimer()
    this.#controller.abort(new AbandonedError(why))
  }

  /** The check is over; its deadline no longer matters. */
  clear(): void {
    this.#clearTimer()
  }
}
