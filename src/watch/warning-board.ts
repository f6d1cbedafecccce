import type { Warning } from '../registry/warning.ts'
import type { Clock } from './clock.ts'
import type { Onlooker } from './onlooker.ts'

/** More than one of each kind of warning is never there. */
export type WarningKind =
  'delay' | 'response' | 'space' | 'memory' | 'pressure' | 'identity' | 'progress'

/** The warnings that hold at the moment, for the record. */
export class WarningBoard {
  readonly #clock: Pick<Clock, 'date'>
  readonly #changed: () => void
  readonly #held = new Map<WarningKind, Warning>()

  /** `changed` is called whenever there is another warning, or one less. */
  constructor(clock: Pick<Clock, 'date'>, changed: () => void) {
    this.#clock = clock
    this.#changed = changed
  }

  /** A warning holds from now on; one that holds already keeps its beginning. */
  raise(kind: WarningKind, { id, text }: Omit<Warning, 'since'>): void {
    const since = this.#held.get(kind)?.since ?? this.#clock.date().toISOString()
    this.#held.set(kind, { id, since, text })
    this.#changed()
  }

  /** A warning no longer holds. */
  lower(kind: WarningKind): void {
    if (this.#held.delete(kind)) this.#changed()
  }

  /** Adds them to the record. */
  get onlooker(): Onlooker {
    return {
      status: () => (this.#held.size === 0 ? {} : { warnings: [...this.#held.values()] }),
    }
  }
}
