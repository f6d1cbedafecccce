import type { Cause } from '../probe/probe.ts'
import type { LastCheck, Status } from '../registry/status.ts'
import type { CheckResult } from './check.ts'
import type { Position } from './state.ts'
import type { Voice } from './voice.ts'

/** A check that has been judged, and where the watch is after it. */
export type Judged = { result: CheckResult; lastCheck: LastCheck; after: Position }

/** Somebody who looks on at a watch, and may say something; it never waits and never changes a verdict. */
export type Onlooker = {
  judged?: (seen: Judged) => void
  paused?: () => void
  continued?: () => void
  /** The watch is over: nothing of the onlooker's may remain under way. */
  ended?: () => void
  /** What is to be announced just before 6, of what is known by then. */
  lastWords?: () => Cause[]
  /** What it adds to the record. */
  status?: () => Partial<Status>
}

/** Those who look on at one watch; an error of one of them harms neither the watch nor the others, and is logged once. */
export class Onlookers {
  readonly #all: readonly Onlooker[]
  readonly #voice: Voice
  readonly #failed = new Set<Onlooker>()

  constructor(all: readonly Onlooker[], voice: Voice) {
    this.#all = all
    this.#voice = voice
  }

  /** Tells them of a check that has been judged. */
  judged(seen: Judged): void {
    this.#each((onlooker) => onlooker.judged?.(seen))
  }

  /** Tells them of a change of state, where it concerns them. */
  moved(before: Position['state'], after: Position['state']): void {
    if (before === after) return
    if (after === 'ending') this.#each((onlooker) => onlooker.ended?.())
    else if (after === 'paused') this.#each((onlooker) => onlooker.paused?.())
    else if (before === 'paused') this.#each((onlooker) => onlooker.continued?.())
  }

  /** What they have to say before 6. */
  lastWords(): Cause[] {
    return this.#each((onlooker) => onlooker.lastWords?.()).flat()
  }

  /** What they add to the record. */
  status(): Partial<Status> {
    const all: Partial<Status> = {}
    for (const part of this.#each((onlooker) => onlooker.status?.())) Object.assign(all, part)
    return all
  }

  #each<Said>(ask: (onlooker: Onlooker) => Said | undefined): Said[] {
    return this.#all.flatMap((onlooker) => {
      try {
        const said = ask(onlooker)
        return said === undefined ? [] : [said]
      } catch (error) {
        if (!this.#failed.has(onlooker)) {
          this.#voice.log('error', `bug beside the checks: ${String(error)}`)
        }
        this.#failed.add(onlooker)
        return []
      }
    })
  }
}
