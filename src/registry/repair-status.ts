/** What a monitor has done to mend its server since it started. */
export type RepairStatus = {
  /** the step that runs now, and what for */
  now?: { step: string; cause: string; begunAt: string }
  mended: number
  notMended: number
  /** what alert 106 said last */
  last?: { at: string; text: string }
}

const longestText = 2000

/** Whether a value read from elsewhere is of this form. */
export function isRepairStatus(value: unknown): value is RepairStatus {
  if (!isObject(value)) return false
  const { mended, notMended, now, last } = value
  return (
    isCount(mended) &&
    isCount(notMended) &&
    (now === undefined || hasTexts(now, ['step', 'cause', 'begunAt'])) &&
    (last === undefined || hasTexts(last, ['at', 'text']))
  )
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}

function hasTexts(value: unknown, names: readonly string[]): boolean {
  return isObject(value) && names.every((name) => isText(value[name]))
}

/** What is longer was not written by us. */
function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= longestText
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
