import { readdirSync, readFileSync } from 'node:fs'
import { identityOf, isRunning, type ProcessIdentity } from '../registry/process-identity.ts'
import { askedMs, killedMs } from './plan.ts'
import { pauseFor } from './pause-for.ts'
import type { RepairClock } from './repair-clock.ts'

/** How often it is looked whether processes have ended. */
const lookMs = 50

/**
 * The processes of the session that a step was started in, its leader or none; its number is not given
 * to anybody else while there is one of them. `stat` answers at once, whatever a process does.
 */
export function membersOf(leader: ProcessIdentity): number[] {
  const now = identityOf(leader.pid)
  // By now the number is somebody else's.
  if (now !== undefined && now.startTicks !== leader.startTicks) return []
  if (now !== undefined && now.bootId !== leader.bootId) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const stat = statOf(pid)
      return stat?.session === leader.pid && !'ZXx'.includes(stat.state)
    })
}

function statOf(pid: number): { state: string; session: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', session: Number(fields[3]) }
  } catch {
    return undefined
  }
}

/** Ends what a step has started: asks, then kills; false where something of it cannot be ended. */
export async function endSession(leader: ProcessIdentity, clock: RepairClock): Promise<boolean> {
  for (const [signal, ms] of [
    ['SIGTERM', askedMs],
    ['SIGKILL', killedMs],
  ] as const) {
    const until = clock.now() + ms
    let told = new Set<number>()
    for (;;) {
      const members = membersOf(leader)
      if (members.length === 0) return true
      // What has come since is told as well.
      for (const pid of members) if (!told.has(pid)) tell(pid, signal)
      told = new Set(members)
      if (clock.now() >= until) break
      await pauseFor(clock, lookMs, never)
    }
  }
  return !isRunning(leader) && membersOf(leader).length === 0
}

const never = new AbortController().signal

function tell(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal)
    // One that stands still hears nothing before it goes on.
    if (signal === 'SIGTERM') process.kill(pid, 'SIGCONT')
  } catch {
    // It has just ended by itself.
  }
}
