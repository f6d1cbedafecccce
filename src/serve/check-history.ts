import type { LastCheck } from '../registry/status.ts'
import type { Watch } from './source.ts'

/** So many of the last checks of a watch are kept with their stages. */
const mostKept = 60

/** Keeps of each watch the last checks with their stages, which its record has of the last one only. */
export class CheckHistory {
  readonly #checks = new Map<string, LastCheck[]>()

  /** Takes note of what is watched now; what is watched no more is forgotten. */
  note(watches: readonly Watch[]): void {
    const ids = new Set(watches.map(({ id }) => id))
    for (const id of this.#checks.keys()) if (!ids.has(id)) this.#checks.delete(id)
    for (const { id, lastCheck } of watches) {
      if (lastCheck === undefined) continue
      const checks = this.#checks.get(id) ?? []
      if (checks.at(-1)?.at === lastCheck.at) continue
      checks.push(lastCheck)
      if (checks.length > mostKept) checks.shift()
      this.#checks.set(id, checks)
    }
  }

  /** The last checks of a watch that were seen, the oldest first. */
  of(id: string): readonly LastCheck[] {
    return this.#checks.get(id) ?? []
  }
}
