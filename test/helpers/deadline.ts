/** A signal that aborts at a deadline far enough away for any machine. */
export function amply(): AbortSignal {
  return AbortSignal.timeout(30_000)
}

/** What a stop or a pause does, and what the deadline does. */
export class Ending {
  readonly #controller = new AbortController()

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** The deadline has come. */
  deadline(): void {
    this.#controller.abort(new DOMException('the deadline has come', 'TimeoutError'))
  }

  /** Somebody has stopped the watch. */
  stop(): void {
    this.#controller.abort(new Error('stopped'))
  }
}
