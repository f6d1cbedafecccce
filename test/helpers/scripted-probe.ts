import type { Cause, Outcome, Probe } from '../../src/probe/probe.ts'

const stages = [{ name: 'connect', ms: 1 }]

/** A server that is well. */
export const ok: Outcome = { kind: 'ok', stages, detail: { dialect: '3.1.1' } }

/** A server that does not answer. */
export const timedOut: Outcome = {
  kind: 'failed',
  stages,
  stage: 'negotiate',
  failure: 'timeout',
  cause: { id: 74, nn: 110 },
  reason: 'no answer to NEGOTIATE',
  detail: { address: '127.0.0.1' },
}

/** A host without a socket to spare. */
export const noSocket: Outcome = {
  kind: 'cannot-judge',
  stages: [],
  stage: 'connect',
  cause: { id: 71, nn: 24 },
  reason: 'socket EMFILE',
  detail: {},
}

/** A failure with this cause. */
export function failedWith(cause: Cause): Outcome {
  return { ...timedOut, cause } as Outcome
}

type Turn = Outcome | 'hang' | 'deaf' | 'throw' | 'throw at once'

/** A probe whose checks end as they are told to; `hang` heeds its signal, `deaf` does not. */
export class ScriptedProbe {
  /** how the next checks end; the last one stays */
  script: Turn[]
  /** how many checks were begun */
  calls = 0
  /** how many are under way, and how many ever were at once */
  running = 0
  mostAtOnce = 0
  signals: AbortSignal[] = []

  constructor(...script: Turn[]) {
    this.script = script
  }

  readonly probe: Probe = (signal) => {
    this.calls += 1
    this.signals.push(signal)
    const turn = this.script.length > 1 ? this.script.shift() : this.script[0]
    if (turn === undefined) throw new Error('the script is empty')
    if (turn === 'throw at once') throw new Error('a bug at once')
    return this.#run(turn, signal)
  }

  async #run(turn: Turn, signal: AbortSignal): Promise<Outcome> {
    this.running += 1
    this.mostAtOnce = Math.max(this.mostAtOnce, this.running)
    try {
      await Promise.resolve()
      if (turn === 'throw') throw new Error('a bug')
      if (turn === 'deaf') return await new Promise(() => undefined)
      if (typeof turn === 'object') return turn
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
      const reason: unknown = signal.reason
      return reason instanceof Error && reason.name === 'TimeoutError'
        ? timedOut
        : { kind: 'aborted', stages }
    } finally {
      this.running -= 1
    }
  }
}
