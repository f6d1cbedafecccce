/**
 * The deadline of a check during which a fault is brought about: the time that this takes is not counted,
 * as if it had happened in a moment.
 */
export class SuspendableDeadline {
  readonly #controller = new AbortController()
  #leftMs: number
  #dueAt: number | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(ms: number) {
    this.#leftMs = ms
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  start(): void {
    this.#dueAt = performance.now() + this.#leftMs
    this.#timer = setTimeout(() => {
      this.#controller.abort(new DOMException('the deadline has come', 'TimeoutError'))
    }, this.#leftMs)
  }

  /** From now on its time stands still. */
  suspend(): void {
    if (this.#dueAt === undefined || this.signal.aborted) return
    clearTimeout(this.#timer)
    this.#leftMs = Math.max(0, this.#dueAt - performance.now())
    this.#dueAt = undefined
  }

  /** From now on its time goes on. */
  resume(): void {
    if (this.#dueAt === undefined && !this.signal.aborted) this.start()
  }

  /** How long ago it came; 0 where it did not. */
  overshootMs(): number {
    if (!this.signal.aborted || this.#dueAt === undefined) return 0
    return performance.now() - this.#dueAt
  }

  clear(): void {
    clearTimeout(this.#timer)
  }
}
