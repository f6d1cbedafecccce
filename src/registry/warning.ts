/** A warning that holds: its alert, since when, and what it came to. */
export type Warning = { id: number; since: string; text: string }

const longestText = 1000

/** Whether a value is a list of warnings. */
export function areWarnings(value: unknown): value is Warning[] {
  return Array.isArray(value) && value.length <= 100 && value.every(isWarning)
}

function isWarning(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { id, since, text }: Partial<Record<keyof Warning, unknown>> = value
  if (typeof id !== 'number' || typeof since !== 'string' || typeof text !== 'string') return false
  return since.length <= longestText && text.length <= longestText
}
