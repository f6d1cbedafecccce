import type { MonitorRecord } from '../../registry/record.ts'
import { endSession } from '../../repair/session.ts'
import { orphanIn, type UnderWay } from '../../repair/under-way.ts'
import { systemClock } from '../../watch/clock.ts'

/** The step that a monitor which is gone has left running; of a whole process that of any of its watches. */
export function leftBehind(
  run: string,
  id: string,
  record: MonitorRecord | undefined,
): UnderWay | undefined {
  const orphan = orphanIn(run)
  if (orphan === undefined || orphan.watch === id) return orphan
  const { pid, startTicks, bootId } = orphan.monitor
  const holder = record?.sharesProcess === true ? undefined : record?.process
  const isOurs = holder?.pid === pid && holder.startTicks === startTicks && holder.bootId === bootId
  return isOurs ? orphan : undefined
}

/** Ends such a step with all that it has started; false where the kernel holds something of it that it has killed. */
export async function endLeftBehind({ leader }: UnderWay): Promise<boolean> {
  return endSession(leader, systemClock)
}
