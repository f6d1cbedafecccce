/** Why a monitor refused what it was told, for whoever asked to put into words. */
export type Refusal = {
  why: string
  values: Readonly<Record<string, string | number>>
  /** of several monitors in one process, the one that refused */
  id?: string
}

/** Whether this is one. */
export function isRefusal(value: unknown): value is Refusal {
  if (typeof value !== 'object' || value === null || !('why' in value && 'values' in value))
    return false
  const { why, values } = value
  if (typeof why !== 'string' || typeof values !== 'object' || values === null) return false
  if ('id' in value && typeof value.id !== 'string') return false
  return Object.values(values).every((one) => typeof one === 'string' || typeof one === 'number')
}
