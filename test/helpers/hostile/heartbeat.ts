const beatMs = 10

/** Notes when this process stood still, so that its own lateness is not taken for a probe's. */
export class Heartbeat {
  readonly #lateness: { at: number; lateMs: number }[] = []
  readonly #timer: NodeJS.Timeout
  #expected = performance.now() + beatMs
  mostBytes = 0

  constructor() {
    this.#timer = setInterval(() => {
      this.#beat()
    }, beatMs)
  }

  /** How long this process stood still in a time that has just ended. */
  stoodStillMs(since: number): number {
    this.#beat()
    return this.#lateness.reduce((sum, { at, lateMs }) => (at >= since ? sum + lateMs : sum), 0)
  }

  end(): void {
    clearInterval(this.#timer)
  }

  #beat(): void {
    const now = performance.now()
    const lateMs = now - this.#expected
    if (lateMs > 1) this.#lateness.push({ at: now, lateMs })
    if (this.#lateness.length > 2000) this.#lateness.splice(0, 1000)
    this.#expected = now + beatMs
    this.mostBytes = Math.max(this.mostBytes, process.memoryUsage.rss())
  }
}
