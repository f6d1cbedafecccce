import type { Test } from 'tap'
import { runCommand, type CommandOptions } from './command.ts'

/** What `-disp --json` prints, as far as tests look at it. */
export type ShownRecord = {
  id: string
  state: string
  failures: number
  process: { pid: number; startTicks: string; bootId: string }
  lastCheck?: { at: string; verdict: string; reason?: string }
  pausedSince?: string
  pauseEnd?: { untilUptimeMs: number }
  drill?: { kind: string; until: string }
  ended?: { how: string; exitStatus: number; drill?: string }
}

/** The record of a monitor as the command shows it; undefined where it shows none. */
export async function shownRecord(
  t: Test,
  command: 'clp_sambamon' | 'clp_nfsmon' | 'clp_fsmon',
  id: string,
  options: CommandOptions,
): Promise<ShownRecord | undefined> {
  const { status, out } = await runCommand(t, command, [id, '-disp', '--json'], options)
  return status === 0 ? (JSON.parse(out) as ShownRecord) : undefined
}
