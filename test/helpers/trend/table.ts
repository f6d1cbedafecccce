import { recordedSeries } from './recorded.ts'
import { replay, type Replayed } from './replay.ts'
import { calmSeries, dangerousSeries } from './series.ts'

/** Everything that is measured, with samples every 30 seconds and every 5. */
export function measured(): Replayed[] {
  return [
    ...[
      [30_000, 60_000],
      [5000, 60_000],
      [30_000, 600_000],
    ].flatMap(([everyMs = 0, aheadMs = 0]) =>
      [...calmSeries(everyMs), ...dangerousSeries(everyMs)].map((series) =>
        replay(series, 20, aheadMs),
      ),
    ),
    ...recordedSeries().map((series) => replay(series, 20, 10_000)),
  ]
}

/** A line of the table. */
export function row({ name, everyMs, aheadMs, falseAlarms, warningMs }: Replayed): string {
  const warning = warningMs === undefined ? '-' : `${warningMs / 1000} s`
  return `| ${name} | ${everyMs / 1000} s | ${aheadMs / 1000} s | ${falseAlarms} | ${warning} |`
}
