import type { Cause } from './cause.ts'
import type { Facts } from './facts.ts'
import type { CauseKey } from './ranking.ts'

/** Causes of one kind, by the facts. */
export type Rule = (facts: Facts) => Cause[]

/** More evidence of one cause makes it no more probable. */
export const mostLines = 5

/** A cause with its evidence, kept short. */
export function cause(key: CauseKey, values: Cause['values'], evidence: readonly string[]): Cause {
  return { key, values, evidence: evidence.slice(0, mostLines) }
}
