import type { Outcome } from '../probe/probe.ts'
import type { DrillKind, DrillStatus } from '../registry/drill-status.ts'
import type { Clock } from './clock.ts'

/** How a failure looks that is only pretended. */
export type Pretence = Pick<Extract<Outcome, { kind: 'failed' }>, 'stage' | 'failure' | 'cause'> & {
  reason: string
}

/** What a drill is put together from. */
export type DrillParts = {
  kind: DrillKind
  /** so long it lasts, unless it is ended */
  ms: number
  /** how late a late answer is, from the beginning of its check */
  lateMs: number
  pretence: Pretence
  clock: Clock
  /** Hears once that it is over, and why. */
  onOver: (why: string) => void
}

type Failed = Extract<Outcome, { kind: 'failed' }>
type Well = Extract<Outcome, { kind: 'ok' }>

/** What ended a wait: the deadline of the check, its end without a result, the time, the end of the drill. */
type WaitEnd = 'deadline' | 'abandoned' | 'time' | 'over'

/**
 * Makes the checks of one watch end as if its server had failed, for a time.
 *
 * The server is asked on all the while, and only the answers of one that is well are replaced: the
 * first check that finds anything really wrong ends the drill, and counts as what it is.
 */
export class Drill {
  readonly status: DrillStatus
  readonly #parts: DrillParts
  readonly #over = new AbortController()
  readonly #clearTimer: () => void

  constructor(parts: DrillParts) {
    const { kind, ms, clock } = parts
    this.#parts = parts
    const since = clock.date()
    const until = new Date(since.getTime() + ms)
    this.status = { kind, since: since.toISOString(), until: until.toISOString() }
    this.#clearTimer = clock.setTimer(ms, () => {
      this.end('its time is up')
    })
  }

  /** What the watch is told of a check that began so long ago. */
  async judge(real: Outcome, signal: AbortSignal, agoMs: number): Promise<Outcome> {
    if (this.#over.signal.aborted || real.kind === 'aborted') return real
    if (real.kind !== 'ok') {
      const found =
        real.kind === 'failed' ? 'the server itself fails' : 'the server cannot be asked'
      this.end(`${found}: ${real.reason.slice(0, 200)}`)
      return real
    }
    const { kind, lateMs } = this.#parts
    switch (kind) {
      case 'fault':
        return this.#pretend(real, agoMs)
      case 'timeout': {
        const how = await this.#wait(signal)
        if (how === 'deadline') return this.#pretend(real, agoMs)
        return how === 'abandoned' ? { kind: 'aborted', stages: real.stages } : real
      }
      case 'slow': {
        // A deadline that comes first is ours, and not the server's, which has answered.
        const how = await this.#wait(signal, lateMs - agoMs)
        if (how === 'abandoned') return { kind: 'aborted', stages: real.stages }
        return { ...real, detail: { ...real.detail, drill: kind } }
      }
    }
  }

  /** Ends the drill; what it holds back goes on as it really is. */
  end(why: string): void {
    if (this.#over.signal.aborted) return
    this.#clearTimer()
    this.#over.abort()
    this.#parts.onOver(why)
  }

  /** Ends the drill with its watch, of which there is no more to be said. */
  close(): void {
    this.#clearTimer()
    this.#over.abort()
  }

  #pretend({ stages, detail }: Well, agoMs: number): Failed {
    const { kind, pretence } = this.#parts
    const { stage, failure, cause } = pretence
    const reason = `${pretence.reason} (DRILL: the server answered in ${Math.round(agoMs)} ms)`
    return {
      kind: 'failed',
      stages,
      stage,
      failure,
      cause,
      reason,
      detail: { ...detail, drill: kind },
    }
  }

  async #wait(signal: AbortSignal, ms?: number): Promise<WaitEnd> {
    return new Promise((resolve) => {
      const over = this.#over.signal
      const timers: (() => void)[] = []
      const done = (how: WaitEnd): void => {
        for (const clearTimer of timers) clearTimer()
        signal.removeEventListener('abort', onAbort)
        over.removeEventListener('abort', onOver)
        resolve(how)
      }
      const onAbort = (): void => {
        done(isDeadline(signal) ? 'deadline' : 'abandoned')
      }
      const onOver = (): void => {
        done('over')
      }
      if (signal.aborted) {
        onAbort()
        return
      }
      signal.addEventListener('abort', onAbort)
      over.addEventListener('abort', onOver)
      if (ms === undefined) return
      const onTime = (): void => {
        done('time')
      }
      timers.push(this.#parts.clock.setTimer(Math.max(0, ms), onTime))
    })
  }
}

function isDeadline(signal: AbortSignal): boolean {
  const reason: unknown = signal.reason
  return reason instanceof Error && reason.name === 'TimeoutError'
}
