/** What a server can be said to do in a drill: refuse every connection, answer nothing, answer late. */
export const drillKinds = ['fault', 'timeout', 'slow'] as const
export type DrillKind = (typeof drillKinds)[number]

/** A drill under way, as a record shows it. */
export type DrillStatus = { kind: DrillKind; since: string; until: string }

/** Whether this is a kind of drill. */
export function isDrillKind(value: unknown): value is DrillKind {
  return drillKinds.some((kind) => kind === value)
}

/** Whether this is a drill's status. */
export function isDrillStatus(value: unknown): value is DrillStatus {
  if (typeof value !== 'object' || value === null) return false
  if (!('kind' in value && 'since' in value && 'until' in value)) return false
  const { kind, since, until } = value
  return isDrillKind(kind) && typeof since === 'string' && typeof until === 'string'
}
