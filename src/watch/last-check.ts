import type { LastCheck } from '../registry/status.ts'
import type { CheckResult } from './check.ts'

/** A stack is for the log; a record has to stay short enough to be read. */
const longestReason = 1000

/** What a record keeps of a check that has just ended. */
export function lastCheckOf(
  { outcome, ms }: CheckResult,
  lateMs: number,
  endedAt: Date,
): LastCheck {
  return {
    at: endedAt.toISOString(),
    verdict: outcome.kind === 'aborted' ? 'cannot-judge' : outcome.kind,
    stages: outcome.stages,
    ms,
    lateMs,
    ...('reason' in outcome && { reason: outcome.reason.slice(0, longestReason) }),
  }
}
