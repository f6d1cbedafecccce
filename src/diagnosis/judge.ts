import type { Cause } from './cause.ts'
import type { Facts } from './facts.ts'
import { ranking } from './ranking.ts'
import { hostRules } from './rules-host.ts'
import { networkCauses } from './rules-network.ts'

/** The probable causes that the facts speak for, the one that explains most first. */
export function judge(facts: Facts): Cause[] {
  const weights: Readonly<Record<string, number>> = ranking
  const here = facts.network?.isHere === true ? hostRules.flatMap((rule) => rule(facts)) : []
  return [...networkCauses(facts), ...here].toSorted(
    (a, b) => (weights[b.key] ?? 0) - (weights[a.key] ?? 0),
  )
}
