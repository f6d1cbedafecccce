import { isDeepStrictEqual } from 'node:util'
import type { FleetEntry, FleetList } from './fleet-list.ts'

/** What has to be done so that a list that was read anew is in force. */
export type ReloadPlan = {
  /** watches that are to end: they are gone from the list, or begin again in another way */
  end: readonly string[]
  begin: readonly FleetEntry[]
  unchanged: number
  /** what of the new list waits for the next start */
  waits: readonly ('exit-on' | 'limits')[]
}

/** Compares two lists; a watch that is listed and does not run is begun again. */
export function planReload(
  now: FleetList,
  next: FleetList,
  running: ReadonlySet<string>,
): ReloadPlan {
  const before = new Map(now.watches.map((entry) => [entry.id, entry]))
  const listed = new Set(next.watches.map(({ id }) => id))
  const isSame = (entry: FleetEntry): boolean =>
    running.has(entry.id) && isDeepStrictEqual(before.get(entry.id), entry)
  const begin = next.watches.filter((entry) => !isSame(entry))
  const again = new Set(begin.map(({ id }) => id))
  return {
    end: [...running].filter((id) => !listed.has(id) || again.has(id)),
    begin,
    unchanged: next.watches.length - begin.length,
    waits: [
      ...(now.exitOn === next.exitOn ? [] : (['exit-on'] as const)),
      ...(isDeepStrictEqual(now.limits, next.limits) ? [] : (['limits'] as const)),
    ],
  }
}
