import type { Dice } from './dice.ts'
import type { FaultName } from './fault.ts'

/** A fault that is to come: how long after the last one all was well, and for how long. */
export type Planned = {
  fault: FaultName
  gapMs: number
  /** 'until found': until every monitor has said so, or should have long ago */
  hold: number | 'until found'
}

/** Longest hold of a fault that is to go unnoticed; with all that comes on top it is below any patience. */
const longestShortMs = 1500

/**
 * Draws the next fault. Lengths that are neither short nor long are never drawn: whatever a monitor
 * made of them would be right.
 */
export function draw(dice: Dice, faults: readonly FaultName[]): Planned {
  const fault = dice.oneOf(faults)
  const gapMs = dice.between(0, 4000)
  if (fault === 'slow') return { fault, gapMs, hold: dice.between(2000, 8000) }
  const isShort = dice.between(0, 1) < 0.5
  const shortMs = dice.between(100, longestShortMs)
  return { fault, gapMs, hold: isShort ? shortMs : 'until found' }
}
