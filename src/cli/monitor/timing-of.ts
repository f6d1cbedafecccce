import type { Timing } from '../../watch/timing.ts'
import type { CareSettings } from './care-settings.ts'
import type { TimingSettings } from './monitor-request.ts'

/** The times of a watch, from the operator's units. */
export function timingOf(
  settings: TimingSettings,
  { progressWeight }: Pick<CareSettings, 'progressWeight'> = { progressWeight: 1 },
): Timing {
  return {
    intervalMs: settings.intervalS * 1000,
    retryIntervalMs: settings.retryIntervalS * 1000,
    deadlineMs: settings.waitS * 1000,
    retries: settings.retries,
    startWaitMs: settings.startWaitS * 1000,
    ...(progressWeight < 1 && { leastWeight: progressWeight }),
  }
}
