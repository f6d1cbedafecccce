import type { ConfigProblem } from '../../config/config-error.ts'
import { Spot } from '../../config/spot.ts'
import type { RepairClock } from '../../repair/repair-clock.ts'
import type { Settings } from '../settings/settings.ts'
import { obstacleOf, obstacleText } from './obstacle.ts'
import type { RepairTexts } from './repair-texts.ts'

/**
 * The steps of a configuration that can never be tried on this host, each with its place. They keep
 * nobody from watching, nor the other steps from being tried, so that only who asks is told.
 */
export async function stepProblems(
  { file, repair, lineOf = () => 0 }: Settings,
  texts: RepairTexts,
  clock: Pick<RepairClock, 'setTimer'>,
): Promise<ConfigProblem[]> {
  if (repair?.enabled !== true) return []
  const problems: ConfigProblem[] = []
  const steps = new Spot(file, ['repair', 'step'], lineOf, problems)
  const obstacles = await Promise.all(
    repair.step.map(async (step) => obstacleOf(step, repair, clock)),
  )
  for (const [index, obstacle] of obstacles.entries()) {
    if (obstacle === undefined) continue
    const step = steps.at(index)
    const at =
      obstacle.why === 'too-long'
        ? step.at('timeout')
        : repair.step[index]?.command === undefined
          ? step.at('use')
          : step.at('command').at(0)
    at.report('never-begins', { reason: obstacleText(obstacle, texts) })
  }
  return problems
}
