import type { Stage } from '../probe/probe.ts'
import type { Announce } from './voice.ts'
import type { Onlooker } from './onlooker.ts'
import type { WarningBoard } from './warning-board.ts'

/** Whether a delay has been warned of, and how many good checks in a row have been quick since. */
export type Delay = { isOn: boolean; quick: number }

/** How every watch begins. */
export const noDelay: Readonly<Delay> = { isOn: false, quick: 0 }

/** A delay is over when the server is clearly quicker than what is warned of: so little of that, so often in a row. */
const recoveredShare = 0.75
const recoveredChecks = 2

/** What a good check that took so long makes of a delay, and the alert that says so. */
export function afterGoodCheck(
  { isOn, quick }: Delay,
  ms: number,
  warnMs: number,
): { delay: Delay; say?: 101 | 102 } {
  if (!isOn) {
    return ms >= warnMs ? { delay: { isOn: true, quick: 0 }, say: 101 } : { delay: noDelay }
  }
  if (ms >= warnMs * recoveredShare) return { delay: { isOn, quick: 0 } }
  if (quick + 1 < recoveredChecks) return { delay: { isOn, quick: quick + 1 } }
  return { delay: noDelay, say: 102 }
}

/** What a delay is measured by, and who is told. */
export type DelayWarningParts = {
  /** over all stages of a check */
  deadlineMs: number
  /** of the deadline */
  percent: number
  announce: Announce
  board: WarningBoard
}

/** Warns of a server that answers as it should, but takes nearly as long as it may. */
export function delayWarning(parts: DelayWarningParts): Onlooker {
  const { deadlineMs, percent, announce, board } = parts
  const warnMs = (deadlineMs * percent) / 100
  let delay: Delay = noDelay
  /** the drill in which the delay was only pretended that has been warned of */
  let pretendedIn: string | undefined
  return {
    judged: ({ result: { outcome, lostMs, ms } }) => {
      // What failed is spoken of as a failure; what we lost ourselves is no delay of the server's.
      if (outcome.kind !== 'ok' || lostMs > 0) return
      const drill = drillOf(outcome.detail)
      if (pretendedIn !== undefined && drill === undefined) {
        // With the first right answer after its drill it is over, whatever that answer itself is like.
        tell(102, outcome.stages, ms, { drill: pretendedIn })
        pretendedIn = undefined
        delay = noDelay
      }
      const { delay: after, say } = afterGoodCheck(delay, ms, warnMs)
      delay = after
      if (say === undefined) return
      pretendedIn = say === 101 ? drill : undefined
      tell(say, outcome.stages, ms)
    },
  }

  function tell(say: 101 | 102, measured: readonly Stage[], ms: number, more = {}): void {
    const slowest = measured.toSorted((one, other) => other.ms - one.ms)[0]?.name ?? 'check'
    const stages = measured.map(({ name, ms: took }) => `${name} ${took}`).join(', ')
    if (say === 101) board.raise('delay', { id: 101, text: `${ms} ms, ${slowest}` })
    else board.lower('delay')
    const detail = { ms, stage: slowest, stages, warnMs, waitMs: deadlineMs, ...more }
    announce({ id: say, nn: ms, text: slowest, detail })
  }
}

function drillOf({ drill }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof drill === 'string' ? drill : undefined
}
