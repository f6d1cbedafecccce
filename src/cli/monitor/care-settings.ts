import type { PauseLimits } from '../../watch/pause-lease.ts'

/** What is warned of beside the verdicts, in the operator's units. */
export type CareSettings = {
  /** percent of the wait, 0 for never */
  warnAtPercent: number
  /** at a time; undefined: as long as the operator likes */
  longestPauseS: number | undefined
  pauseExtensions: number
  /** of a server that refuses the login */
  onIdentity: 'fault' | 'warn'
}

/** How long a watch may be paused. */
export function pauseLimitsOf({ longestPauseS, pauseExtensions }: CareSettings): PauseLimits {
  return {
    extensions: pauseExtensions,
    ...(longestPauseS !== undefined && { longestMs: longestPauseS * 1000 }),
  }
}

type Values = Readonly<Record<string, string | number | boolean>>

/** What the options say about warnings. */
export function careOf(values: Values): CareSettings {
  return {
    warnAtPercent: number(values, 'warnAt') ?? 80,
    longestPauseS: number(values, 'longestPause'),
    pauseExtensions: number(values, 'pauseExtensions') ?? 3,
    onIdentity: values['onIdentity'] === 'warn' ? 'warn' : 'fault',
  }
}

function number(values: Values, name: string): number | undefined {
  const value = values[name]
  return typeof value === 'number' ? value : undefined
}
