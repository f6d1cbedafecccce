import { existsSync } from 'node:fs'
import type { Finding } from './finding.ts'
import type { RunProgram } from './program-output.ts'

/** What is known of this host's time of day. */
export type ClockFacts = {
  now: Date
  /** when this program was put on the host */
  installed: Date
  synchronised: 'yes' | 'no' | 'unknown'
}

const dayMs = 86_400_000

/** Whether times in alerts and licenses can be believed; no verdict on a server hangs on it. */
export function judgeClock({ now, installed, synchronised }: ClockFacts): Finding[] {
  const values = { now: now.toISOString(), installed: installed.toISOString() }
  // A day of patience: packages carry the time zone of whoever made them.
  if (now.getTime() < installed.getTime() - dayMs)
    return [{ grade: 'failure', what: 'behind', values }]
  switch (synchronised) {
    case 'yes':
      return [{ grade: 'ok', what: 'synchronised', values }]
    case 'no':
      return [{ grade: 'warning', what: 'unsynchronised', values }]
    case 'unknown':
      return [{ grade: 'note', what: 'unknown', values }]
  }
}

/** Asks who keeps the time, if anybody does. */
export async function clockSynchronised(
  run: RunProgram,
  signal: AbortSignal,
  mark = '/run/systemd/timesync/synchronized',
): Promise<ClockFacts['synchronised']> {
  if (existsSync(mark)) return 'yes'
  const chrony = await run('chronyc', ['-n', 'tracking'], signal)
  const leap = /^Leap status\s*:\s*(.*?)\s*$/m.exec(chrony.out)?.[1]
  if (leap !== undefined) return leap === 'Not synchronised' ? 'no' : 'yes'
  const control = await run('timedatectl', ['show', '-p', 'NTPSynchronized', '--value'], signal)
  const said = control.out.trim()
  return said === 'yes' || said === 'no' ? said : 'unknown'
}
