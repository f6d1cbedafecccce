import type { Watch } from './source.ts'

/** A watch as it stands in the list of all. */
export type WatchSummary = Omit<Watch, 'tally'> & { lastSuccessAt?: string }

/** What the list of all watches says of one. */
export function summaryOf({ tally, ...watch }: Watch): WatchSummary {
  return {
    ...watch,
    ...(tally?.lastSuccessAt !== undefined && { lastSuccessAt: tally.lastSuccessAt }),
  }
}

/** Tells whether a watch has changed since it was last looked at. */
export function fingerprint(watch: Watch): string {
  const { state, since, failures, lastCheck, nextCheck, pausedSince, ended, pid, problem } = watch
  return JSON.stringify([
    state,
    since,
    failures,
    lastCheck?.at,
    lastCheck?.verdict,
    nextCheck,
    pausedSince,
    watch.diagnosis?.at,
    ended?.at,
    watch.drill?.since,
    pid,
    problem,
    watch.target,
    watch.server,
    watch.warnings,
    watch.pauseEnd?.until,
    watch.pauseEnd?.extensionsLeft,
    watch.repair,
    watch.lateMs !== undefined,
  ])
}
