import type { Timing } from '../../watch/timing.ts'
import type { TimingSettings } from './monitor-request.ts'

/** The times of a watch, from the operator's units. */
export function timingOf(settings: TimingSettings): Timing {
  return {
    intervalMs: settings.intervalS * 1000,
    retryIntervalMs: settings.retryIntervalS * 1000,
    deadlineMs: settings.waitS * 1000,
    retries: settings.retries,
    startWaitMs: settings.startWaitS * 1000,
  }
}
