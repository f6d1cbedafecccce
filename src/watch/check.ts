import type { Outcome, Probe } from '../probe/probe.ts'
import { atMost } from './at-most.ts'
import type { Clock } from './clock.ts'
import { Deadline, TimeoutError } from './deadline.ts'
import { StallMeter } from './stall-meter.ts'

/** How one check went: the probe's outcome, and what of the check's time we ourselves lost (0: too little to matter). */
export type CheckResult = { outcome: Outcome; lostMs: number; ms: number }

/** How long a probe may take to come back after its signal has aborted. */
const patienceMs = 1000

/** What a check that met a bug of ours has to say about the server: nothing. */
export function bugOutcome(error: unknown): Extract<Outcome, { kind: 'cannot-judge' }> {
  const reason = error instanceof Error ? (error.stack ?? String(error)) : String(error)
  const cause = { id: 42, text: 'check', nn: 0 }
  return { kind: 'cannot-judge', stages: [], stage: 'check', cause, reason, detail: { bug: true } }
}

/** One check under way: a probe that has been asked, its deadline, and an eye on our own stalls. */
export class Check {
  /** The result, or undefined once the check has been abandoned. Never rejects. */
  readonly result: Promise<CheckResult | undefined>
  readonly #clock: Clock
  readonly #deadline: Deadline
  readonly #meter: StallMeter
  readonly #startedAt: number
  readonly #asked: Promise<Outcome>
  #resolve: (result: CheckResult | undefined) => void = () => undefined
  #clearBackstop: () => void = () => undefined
  #over = false

  constructor(probe: Probe, clock: Clock, deadlineMs: number) {
    this.#clock = clock
    this.#startedAt = clock.now()
    // First the meter: a stall after the deadline is set and before the meter runs would go unseen.
    this.#meter = new StallMeter(clock, deadlineMs)
    this.#deadline = new Deadline(clock, deadlineMs)
    this.result = new Promise((resolve) => {
      this.#resolve = resolve
    })
    const { signal } = this.#deadline
    signal.addEventListener('abort', () => {
      if (signal.reason instanceof TimeoutError) this.#awaitProbe()
    })
    this.#asked = ask(probe, signal)
    void this.#await()
  }

  /** Ends the check without a result; resolves when its probe has come back, or has had the time to. */
  async abandon(why: string): Promise<void> {
    this.#close()
    this.#resolve(undefined)
    this.#deadline.abandon(why)
    await atMost(this.#clock, patienceMs, this.#asked)
  }

  async #await(): Promise<void> {
    this.#finish(await this.#asked)
  }

  /** A probe that does not come back from its deadline must not hold up the watch. */
  #awaitProbe(): void {
    if (this.#over) return
    this.#clearBackstop = this.#clock.setTimer(patienceMs, () => {
      this.#finish(bugOutcome(new Error('the probe did not come back at its deadline')))
    })
  }

  #finish(outcome: Outcome): void {
    if (this.#over) return
    const lostMs = this.#close()
    this.#resolve({ outcome, lostMs, ms: Math.round(this.#clock.now() - this.#startedAt) })
  }

  #close(): number {
    this.#over = true
    this.#clearBackstop()
    this.#deadline.clear()
    return this.#meter.end()
  }
}

async function ask(probe: Probe, signal: AbortSignal): Promise<Outcome> {
  try {
    const outcome = await probe(signal)
    if (outcome.kind !== 'aborted' || isAbandoned(signal)) return outcome
    return bugOutcome(new Error('the probe says that it was aborted, but nobody did that'))
  } catch (error) {
    return bugOutcome(error)
  }
}

function isAbandoned(signal: AbortSignal): boolean {
  return signal.aborted && !(signal.reason instanceof TimeoutError)
}
