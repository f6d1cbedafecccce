/** By how much a check outlived its deadline: since it was due, and since our own timer said so. */
export type Overshoot = { dueMs: number; toldMs: number }

/**
 * The deadline of a check during which a fault is brought about: the time that this takes is not counted,
 * as if it had happened in a moment.
 */
export class SuspendableDeadline {
  readonly #controller = new AbortController()
  #leftMs: number
  #dueAt: number | undefined
  #timer: NodeJS.Timeout | undefined
  #abortedAt: number | undefined

  constructor(ms: number) {
    this.#leftMs = ms
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  start(): void {
    this.#dueAt = performance.now() + this.#leftMs
    this.#timer = setTimeout(() => {
      this.#abortedAt = performance.now()
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

  /** How long ago it was due, and how long ago the check was told; 0 where it did not come. */
  overshoot(): Overshoot {
    if (this.#abortedAt === undefined || this.#dueAt === undefined) return { dueMs: 0, toldMs: 0 }
    const now = performance.now()
    return { dueMs: now - this.#dueAt, toldMs: now - this.#abortedAt }
  }

  clear(): void {
    clearTimeout(this.#timer)
  }
}
