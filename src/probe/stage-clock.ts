import type { Stage } from './probe.ts'

/** Keeps the stages of one check: which one it is in, and how long each took. */
export class StageClock {
  readonly stages: Stage[] = []
  #current: string
  #since: number

  constructor(first: string) {
    this.#current = first
    this.#since = performance.now()
  }

  /** The stage that the check is in. */
  get current(): string {
    return this.#current
  }

  /** Ends the current stage and begins the next. */
  enter(next: string): void {
    this.end()
    this.#current = next
  }

  /** Ends the current stage. */
  end(): void {
    const now = performance.now()
    this.stages.push({ name: this.#current, ms: Math.round((now - this.#since) * 1000) / 1000 })
    this.#since = now
  }
}
