import type { PauseLimits } from '../../watch/pause-lease.ts'
import type { Amount } from '../../watch/trend-watch.ts'

/** What is warned of beside the verdicts, in the operator's units. */
export type CareSettings = {
  /** percent of the wait, 0 for never */
  warnAtPercent: number
  /** what is foreseen, from how many samples, and how far ahead */
  trend: {
    samples: number
    aheadS: number
    response: boolean
    space: Amount | undefined
    memory: Amount | undefined
    pressurePercent: number | undefined
  }
  /** at a time; undefined: as long as the operator likes */
  longestPauseS: number | undefined
  pauseExtensions: number
  /** what a time-out counts of a server on this host that is at work */
  progressWeight: number
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
    trend: {
      samples: number(values, 'trendSamples') ?? 20,
      aheadS: number(values, 'trendAhead') ?? 60,
      response: values['trend'] === true,
      space: amount(values, 'spaceLimit'),
      memory: amount(values, 'memoryLimit'),
      pressurePercent: number(values, 'pressureLimit'),
    },
    longestPauseS: number(values, 'longestPause'),
    pauseExtensions: number(values, 'pauseExtensions') ?? 3,
    progressWeight: number(values, 'progress') ?? 1,
    onIdentity: values['onIdentity'] === 'warn' ? 'warn' : 'fault',
  }
}

const units: Readonly<Record<string, number>> = { K: 10, M: 20, G: 30, T: 40 }

function amount(values: Values, name: string): Amount | undefined {
  const value = values[name]
  if (typeof value !== 'string') return undefined
  const unit = value.slice(-1)
  if (unit === '%') return { percent: Number(value.slice(0, -1)) }
  const power = units[unit]
  return { bytes: power === undefined ? Number(value) : Number(value.slice(0, -1)) * 2 ** power }
}

function number(values: Values, name: string): number | undefined {
  const value = values[name]
  return typeof value === 'number' ? value : undefined
}
