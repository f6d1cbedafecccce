/** What is warned of beside the verdicts, in the operator's units. */
export type CareSettings = {
  /** percent of the wait, 0 for never */
  warnAtPercent: number
}

type Values = Readonly<Record<string, string | number | boolean>>

/** What the options say about warnings. */
export function careOf(values: Values): CareSettings {
  return { warnAtPercent: number(values, 'warnAt') ?? 80 }
}

function number(values: Values, name: string): number | undefined {
  const value = values[name]
  return typeof value === 'number' ? value : undefined
}
