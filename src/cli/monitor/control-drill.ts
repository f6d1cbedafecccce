import { pretendedFailure } from '../../probe/pretended-failure.ts'
import type { ControlAction, ControlAnswer } from '../../registry/control-message.ts'
import type { DrillKind } from '../../registry/drill-status.ts'
import type { Clock } from '../../watch/clock.ts'
import { Drill } from '../../watch/drill.ts'
import type { DrillSeat } from '../../watch/drill-seat.ts'
import { worstCaseDetectionMs, type Timing } from '../../watch/timing.ts'
import type { Watch } from '../../watch/watch.ts'
import type { CommandName } from './option-table.ts'

/** The watch that a drill is to be held in. */
export type DrilledWatch = {
  command: CommandName
  seat: DrillSeat
  watch: Pick<Watch, 'snapshot' | 'forgetFailures' | 'refreshRecord'>
  timing: Timing
  clock: Clock
  /** from which part of the wait on a delay is warned of */
  warnAtPercent?: number
}

/** What can be asked about drills. */
export type DrillAction = Extract<ControlAction, `drill-${string}`>

/** Why a drill was refused; these stand in the answer's text, for whoever asked to put into words. */
export const drillRefusals = ['paused', 'under-way', 'not-well', 'none'] as const
export type DrillRefusal = (typeof drillRefusals)[number]

/** No drill is longer. */
const longestMs = 10_000_000

/** Checks may begin a little late, and a drill that ends just before the failover would rehearse nothing. */
const marginMs = 60_000

/** A late answer comes when at least so much of the wait is over: later than the warning, and in time all the same. */
const lateShare = 0.9

/** Whether an action is about drills. */
export function isDrillAction(action: ControlAction): action is DrillAction {
  return action.startsWith('drill-')
}

/** What keeps a drill from beginning; only what has just been seen to be well can be said to fail. */
export function drillRefusal({ seat, watch }: DrilledWatch): DrillRefusal | undefined {
  const { state } = watch.snapshot()
  if (state === 'paused') return 'paused'
  if (seat.kind !== undefined) return 'under-way'
  return state === 'watching' ? undefined : 'not-well'
}

/** Lets a drill begin or ends it; the text of the answer is when it will be over, or why it was refused. */
export async function controlDrill(
  action: DrillAction,
  seconds: number | undefined,
  drilled: DrilledWatch,
): Promise<ControlAnswer> {
  const { seat, watch } = drilled
  const answer = (ok: boolean, text: string): ControlAnswer => {
    return { ok, state: watch.snapshot().state, text }
  }
  if (action === 'drill-end') {
    if (seat.kind === undefined) return answer(false, 'none' satisfies DrillRefusal)
    seat.end('it was ended')
    return answer(true, '')
  }
  const kind = kindOf(action)
  const drill = await prepare(kind, seconds, drilled)
  const refusal = drillRefusal(drilled)
  if (refusal !== undefined) {
    drill.close()
    return answer(false, refusal)
  }
  seat.take(drill)
  const { until } = drill.status
  seat.log('warn', `a drill begins: ${kind}, until ${until}; the server is asked on`, { until })
  watch.refreshRecord()
  return answer(true, until)
}

/** Long enough for the server to be judged abnormal, whatever is pretended. */
function usualMs(timing: Timing): number {
  return Math.min(longestMs, worstCaseDetectionMs(timing) + marginMs)
}

function kindOf(action: Exclude<DrillAction, 'drill-end'>): DrillKind {
  switch (action) {
    case 'drill-fault':
      return 'fault'
    case 'drill-timeout':
      return 'timeout'
    case 'drill-slow':
      return 'slow'
  }
}

async function prepare(
  kind: DrillKind,
  seconds: number | undefined,
  { command, seat, watch, timing, clock, warnAtPercent = 0 }: DrilledWatch,
): Promise<Drill> {
  const server = command === 'clp_sambamon' ? 'samba' : 'nfs'
  const what = kind === 'timeout' ? 'silent' : 'refused'
  return new Drill({
    kind,
    ms: seconds === undefined ? usualMs(timing) : Math.min(longestMs, seconds * 1000),
    lateMs: timing.deadlineMs * Math.max(lateShare, (100 + warnAtPercent) / 200),
    pretence: await pretendedFailure(server, what),
    clock,
    onOver: (why) => {
      watch.forgetFailures()
      seat.log('warn', `the drill is over: ${why}; what was pretended is forgotten`)
      seat.leave()
      watch.refreshRecord()
    },
  })
}
