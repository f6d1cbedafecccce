import { ownTrouble } from './own-trouble.ts'
import type { Cause, Detail, FailureKind, Outcome } from './probe.ts'
import { StageClock } from './stage-clock.ts'

/** What an error means when it is the server's fault. */
export type Judgement = {
  failure: FailureKind
  cause: Cause
  reason: string
  detail?: Detail
  isAboutIdentity?: true
}

/** What is particular to one kind of server. */
export type CheckPlan = {
  firstStage: string
  /** Goes through the stages; what it puts into `seen` shows in the outcome, whatever that is. */
  walk: (clock: StageClock, seen: Record<string, string | number | boolean>) => Promise<void>
  /** The deadline ran out in this stage. */
  onTimeout: (stage: string) => Judgement
  /** The server's fault that an error stands for, or undefined where it can only be our own bug. */
  judge: (error: unknown, stage: string) => Judgement | undefined
}

/** Runs one check and turns whatever happens into an outcome; the only place where a probe catches. */
export async function runCheck(plan: CheckPlan, signal: AbortSignal): Promise<Outcome> {
  const clock = new StageClock(plan.firstStage)
  const seen: Record<string, string | number | boolean> = {}
  try {
    signal.throwIfAborted()
    await plan.walk(clock, seen)
    clock.end()
    return { kind: 'ok', stages: clock.stages, detail: seen }
  } catch (error) {
    const stage = clock.current
    clock.end()
    const { stages } = clock
    // A stop also cuts off what a failed check still had to undo.
    if (signal.aborted && !isTimeout(signal.reason)) {
      return { kind: 'aborted', stages }
    }
    const cause = ownTrouble(error)
    if (cause !== undefined) {
      return { kind: 'cannot-judge', stages, stage, cause, reason: String(error), detail: seen }
    }
    const judgement =
      signal.aborted && error === signal.reason ? plan.onTimeout(stage) : plan.judge(error, stage)
    if (judgement === undefined) {
      const stack = error instanceof Error ? (error.stack ?? String(error)) : String(error)
      return {
        kind: 'cannot-judge',
        stages,
        stage,
        cause: { id: 42, text: stage, nn: 0 },
        reason: stack,
        detail: seen,
      }
    }
    const { failure, reason, detail, isAboutIdentity } = judgement
    return {
      kind: 'failed',
      stages,
      stage,
      failure,
      cause: judgement.cause,
      reason,
      detail: { ...seen, ...detail },
      ...(isAboutIdentity && { isAboutIdentity }),
    }
  }
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError'
}
