import type { RepairSettings, RepairStepSettings } from '../../config/repair-kinds.ts'
import { builtInSteps, isAbsence, isOnThisHost, type Absence } from '../../repair/built-in-steps.ts'
import { distrust, type Distrust } from '../../repair/distrust.ts'
import { inTime } from '../../repair/in-time.ts'
import { journalMs, stepMs } from '../../repair/plan.ts'
import type { RepairClock } from '../../repair/repair-clock.ts'
import { fill } from '../texts.ts'
import { stepOf } from './plan-of.ts'
import type { RepairTexts } from './repair-texts.ts'

/** Why a step can never be tried, as things are on this host. */
export type Obstacle =
  | Absence
  | Distrust
  | { why: 'stalled'; path: string }
  | { why: 'too-long'; needed: number; total: number }

/** The shortest wait for an answer (`-r`) that there is. */
const leastDeadlineMs = 1000

/** Finds out before anything fails that a step cannot be tried when something does. */
export async function obstacleOf(
  written: RepairStepSettings,
  { total, settle }: Pick<RepairSettings, 'total' | 'settle'>,
  clock: Pick<RepairClock, 'setTimer'>,
): Promise<Obstacle | undefined> {
  const { use, command } = written
  const found = command ?? builtInSteps[use ?? '']?.command(isOnThisHost) ?? []
  if (isAbsence(found)) return found
  const [path = ''] = found
  const looked = inTime(clock, journalMs, path, distrust(path))
  const distrusted = await looked.catch(() => ({ why: 'stalled', path }) as const)
  if (distrusted !== undefined) return distrusted
  const step = stepOf(written, isOnThisHost)
  const needed = (journalMs + stepMs(step, { settleMs: settle * 1000 }, leastDeadlineMs)) / 1000
  return needed > total ? { why: 'too-long', needed, total } : undefined
}

/** The same in words. */
export function obstacleText(obstacle: Obstacle, texts: RepairTexts): string {
  return fill(texts.obstacle[obstacle.why], { ...obstacle })
}
