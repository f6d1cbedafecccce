import type { Lateness } from '../registry/lateness.ts'
import type { Clock } from './clock.ts'

/** What is told is of one to two of these. */
const spanMs = 600_000

/** From here on it is counted in tenths of seconds, and beyond the last not told apart, so that few numbers are kept. */
const coarseMs = 1000
const mostMs = 60_000

type Span = { checks: number; byMs: Map<number, number> }

/** Counts how much later than planned checks begin, in little memory however many there are. */
export class LatenessMeter {
  readonly #clock: Pick<Clock, 'now'>
  #began: number
  #now: Span = emptySpan()
  #before: Span = emptySpan()

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
    this.#began = clock.now()
  }

  /** Counts a check that began so late. */
  add(ms: number): void {
    this.#turn()
    const step = ms < coarseMs ? 1 : 100
    const known = Math.min(mostMs, Math.round(ms / step) * step)
    this.#now.checks += 1
    this.#now.byMs.set(known, (this.#now.byMs.get(known) ?? 0) + 1)
  }

  /** What has been counted lately; undefined when that is nothing. */
  snapshot(): Lateness | undefined {
    this.#turn()
    const checks = this.#now.checks + this.#before.checks
    if (checks === 0) return undefined
    const byMs = new Map(this.#before.byMs)
    for (const [ms, count] of this.#now.byMs) byMs.set(ms, (byMs.get(ms) ?? 0) + count)
    const sorted = [...byMs].toSorted(([a], [b]) => a - b)
    const at = (share: number): number => {
      let passed = 0
      for (const [ms, count] of sorted) {
        passed += count
        if (passed >= checks * share) return ms
      }
      return 0
    }
    return { checks, p50Ms: at(0.5), p99Ms: at(0.99), mostMs: at(1) }
  }

  #turn(): void {
    const passedMs = this.#clock.now() - this.#began
    if (passedMs < spanMs) return
    this.#before = passedMs < 2 * spanMs ? this.#now : emptySpan()
    this.#now = emptySpan()
    this.#began += Math.floor(passedMs / spanMs) * spanMs
  }
}

function emptySpan(): Span {
  return { checks: 0, byMs: new Map() }
}
