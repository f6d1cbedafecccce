import type { Entry } from './entry.ts'

/** Which alerts a sink wants; what is left out lets all pass. */
export type Filter = {
  levels?: readonly string[] | undefined
  ids?: readonly number[] | undefined
  modules?: readonly string[] | undefined
}

/** Whether an entry is an alert that passes a filter. */
export function passes({ levels, ids, modules }: Filter, entry: Entry): boolean {
  if (entry.kind !== 'alert') return false
  return (
    levels?.includes(entry.level) !== false &&
    ids?.includes(entry.id ?? 0) !== false &&
    modules?.includes(entry.module) !== false
  )
}

const grades: readonly Entry['level'][] = ['info', 'warn', 'error']

/** Whether an entry is at least as grave as a level. */
export function isAtLeast(level: Entry['level'], entry: Entry): boolean {
  return grades.indexOf(entry.level) >= grades.indexOf(level)
}
