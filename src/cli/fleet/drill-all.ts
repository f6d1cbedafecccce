import type { ControlAnswer } from '../../registry/control-message.ts'
import type { DrillAction, DrillRefusal } from '../monitor/control-drill.ts'

/** A watch that can be drilled. */
export type DrilledMember = {
  drillRefusal: () => Promise<DrillRefusal | undefined>
  drill: (action: DrillAction, seconds: number | undefined) => Promise<ControlAnswer>
}

/** Lets a drill begin in all watches of a process or, if one refuses, in none; or ends those that are under way. */
export async function drillAll(
  action: DrillAction,
  seconds: number | undefined,
  members: readonly DrilledMember[],
): Promise<ControlAnswer> {
  if (action !== 'drill-end') {
    for (const member of members) {
      const refusal = await member.drillRefusal()
      if (refusal !== undefined) return { ok: false, state: 'watching', text: refusal }
    }
  }
  const answers = await Promise.all(members.map(async (member) => member.drill(action, seconds)))
  // The last to be over is what counts; of drills that are ended, one is enough.
  const done = answers.filter(({ ok }) => ok).toSorted((a, b) => (a.text < b.text ? 1 : -1))
  const refused = answers.find(({ ok }) => !ok)
  const answer = action === 'drill-end' ? (done[0] ?? refused) : (refused ?? done[0])
  return answer ?? { ok: false, state: 'watching', text: 'none' satisfies DrillRefusal }
}
