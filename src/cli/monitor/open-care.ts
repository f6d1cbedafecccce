import type { Clock } from '../../watch/clock.ts'
import { delayWarning } from '../../watch/delay-warning.ts'
import type { Onlooker } from '../../watch/onlooker.ts'
import type { Timing } from '../../watch/timing.ts'
import type { Announce, Log } from '../../watch/voice.ts'
import { WarningBoard } from '../../watch/warning-board.ts'
import type { CareSettings } from './care-settings.ts'

/** What those who warn of one watch are put together from. */
export type CareParts = {
  settings: CareSettings
  timing: Timing
  clock: Clock
  announce: Announce
  log: Log
  /** writes the record anew */
  refresh: () => void
}

/** Those who look on at a watch and warn, as far as the settings want them. */
export async function openCare(parts: CareParts): Promise<Onlooker[]> {
  const { settings, timing, clock, announce, log, refresh } = parts
  const { warnAtPercent, onIdentity } = settings
  const board = new WarningBoard(clock, refresh)
  const warning: Onlooker[] = []
  if (warnAtPercent > 0) {
    const { deadlineMs } = timing
    warning.push(delayWarning({ deadlineMs, percent: warnAtPercent, announce, board }))
  }
  if (onIdentity === 'warn') {
    const { identityWarning } = await import('../../watch/identity-warning.ts')
    warning.push(identityWarning({ clock, announce, log, board }))
  }
  return warning.length === 0 ? [] : [...warning, board.onlooker]
}
