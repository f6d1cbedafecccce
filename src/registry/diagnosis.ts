/** A probable cause, with what its text leaves open and its text in English. */
export type SeenCause = {
  key: string
  text: string
  values: Readonly<Record<string, string | number>>
}

/** What probably keeps a server from serving, as a record keeps it. */
export type Diagnosis = {
  /** when it was last added to */
  at: string
  /** the address was on this host while the server was well */
  wasHere?: boolean
  /** the most probable first */
  causes: readonly SeenCause[]
}

/** Whether something has the form of a diagnosis. */
export function isDiagnosis(value: unknown): value is Diagnosis {
  return (
    isObject(value) &&
    typeof value['at'] === 'string' &&
    Array.isArray(value['causes']) &&
    value['causes'].every(isSeenCause)
  )
}

/** Whether something has the form of a probable cause. */
export function isSeenCause(value: unknown): value is SeenCause {
  return (
    isObject(value) &&
    typeof value['key'] === 'string' &&
    typeof value['text'] === 'string' &&
    isObject(value['values']) &&
    Object.values(value['values']).every((one) => ['string', 'number'].includes(typeof one))
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
