import { readFileSync } from 'node:fs'

/** A process, told apart from any other that has or had its number. */
export type ProcessIdentity = {
  pid: number
  /** when it started, in clock ticks since the machine did */
  startTicks: string
  bootId: string
}

/** What `/proc/PID/stat` says of a process that matters here; undefined where it says nothing of use. */
export function decodeStat(text: string): { state: string; startTicks: string } | undefined {
  // The command's name is in parentheses and may itself contain anything, so count from the last one.
  const fields = text.slice(text.lastIndexOf(')') + 1).split(' ')
  const [, state] = fields
  const startTicks = fields[20]
  if (state === undefined || startTicks === undefined || !/^\d+$/.test(startTicks)) return undefined
  return { state, startTicks }
}

/** The identity of a process that runs; undefined when there is none of that number. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const stat = readStat(pid)
  if (typeof stat !== 'object') return undefined
  return { pid, startTicks: stat.startTicks, bootId: readBootId() }
}

/**
 * Whether a process still runs. A zombie does not: nothing of it is left but its exit status.
 *
 * `stat` answers at once, whatever the process does; `cmdline` would wait for the memory of one that
 * hangs. Who asks for many may read the ID of this boot once for all of them.
 */
export function isRunning(identity: ProcessIdentity, bootId = readBootId()): boolean {
  if (identity.bootId !== bootId) return false
  const stat = readStat(identity.pid)
  // Better to take a process for alive that cannot be looked at than to run a second one beside it.
  if (stat === 'unknown') return true
  return stat !== 'none' && stat.startTicks === identity.startTicks && !'ZXx'.includes(stat.state)
}

function readStat(pid: number): (ReturnType<typeof decodeStat> & {}) | 'none' | 'unknown' {
  try {
    return decodeStat(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? 'unknown'
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return code === 'ENOENT' || code === 'ESRCH' ? 'none' : 'unknown'
  }
}

/** What tells the present run of the machine from the ones before. */
export function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
  } catch {
    return ''
  }
}
