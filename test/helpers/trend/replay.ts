import { TrendSeries } from '../../../src/watch/trend-series.ts'
import type { KnownSeries } from './series.ts'

/** What came of a series: how often it was warned of, and for how long before the limit was truly reached. */
export type Replayed = {
  name: string
  everyMs: number
  aheadMs: number
  /** warnings while it was not, nor would have been, at its limit */
  falseAlarms: number
  /** of such warnings, in a day */
  falseAlarmsPerDay: number
  /** from the warning that holds to the limit; below 0: only after it, undefined: never, or none was due */
  warningMs: number | undefined
}

/** Lets a series be looked at as a monitor does, sample by sample. */
export function replay(
  { name, everyMs, margins, isDanger }: KnownSeries,
  samples = 20,
  aheadMs = 60_000,
): Replayed {
  const trend = new TrendSeries({ samples, aheadMs })
  const reached = margins.findIndex((margin) => margin <= 0)
  let falseAlarms = 0
  let warnedAt: number | undefined
  for (const [index, margin] of margins.entries()) {
    const say = trend.add(index * everyMs, margin)?.say
    if (say === 103) {
      warnedAt = index
      if (!isDanger) falseAlarms += 1
    }
    if (say === 104) {
      // A warning that was taken back before anything happened.
      if (isDanger && (reached < 0 || index < reached)) falseAlarms += 1
      warnedAt = undefined
    }
  }
  const days = (margins.length * everyMs) / (24 * 60 * 60 * 1000)
  return {
    name,
    everyMs,
    aheadMs,
    falseAlarms,
    falseAlarmsPerDay: falseAlarms / days,
    warningMs:
      isDanger && warnedAt !== undefined && reached >= 0
        ? (reached - warnedAt) * everyMs
        : undefined,
  }
}
