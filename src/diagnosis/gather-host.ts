import { join } from 'node:path'
import type { Grace, OomKill, Pressure, Program, ServerProcess } from './facts.ts'
import { programOf } from './program-of.ts'
import { readAvailable, readTail, readText } from './read-text.ts'

/** What the kernel says of pressure (PSI), as far as it says anything. */
export function pressure(root: string): Pressure {
  const of = (what: string, kind: 'some' | 'full'): number | undefined => {
    const text = readText(join(root, '/proc/pressure', what))
    const value = new RegExp(`^${kind} avg10=([0-9.]+)`, 'm').exec(text)?.[1]
    return value === undefined ? undefined : Number(value)
  }
  const cpuSome = of('cpu', 'some')
  const memoryFull = of('memory', 'full')
  const ioFull = of('io', 'full')
  return {
    ...(cpuSome !== undefined && { cpuSome }),
    ...(memoryFull !== undefined && { memoryFull }),
    ...(ioFull !== undefined && { ioFull }),
  }
}

/** What is older has nothing to do with what fails now. */
const oomWindowS = 15 * 60

/** The processes of file servers that the kernel ended for want of memory, the last one first. */
export function oomKills(kernelLog: string, uptimeS: number): OomKill[] {
  return kernelLog
    .split('\n')
    .flatMap((line): OomKill[] => {
      const [, microseconds, text = ''] = /^\d+,\d+,(\d+),[^;]*;(.*)$/.exec(line) ?? []
      const [, name = ''] = /out of memory: Killed process \d+ \(([^)]*)\)/i.exec(text) ?? []
      const program = programOf(name)
      if (microseconds === undefined || program === undefined) return []
      const agoS = Math.max(0, Math.round(uptimeS - Number(microseconds) / 1e6))
      return agoS > oomWindowS ? [] : [{ name, line: `${agoS} s ago: ${text.slice(0, 200)}` }]
    })
    .toReversed()
}

/** What can be read of the kernel's log, and how old the machine is. */
export function kernelOomKills(root: string): OomKill[] {
  const uptimeS = Number(readText(join(root, '/proc/uptime')).split(' ')[0])
  return oomKills(readAvailable(join(root, '/dev/kmsg')), uptimeS)
}

/** The services whose processes these programs are, where systemd starts them. */
const units = {
  smbd: ['smbd', 'smb', 'samba', 'samba-ad-dc'],
  'ganesha.nfsd': ['nfs-ganesha'],
  winbindd: ['winbind'],
} as const satisfies Partial<Record<Program, readonly string[]>>

/** What control groups have counted; unlike the kernel's log, they can be read in a container as well. */
export function groupOomKills(root: string, processes: readonly ServerProcess[]): OomKill[] {
  const groups: [name: string, path: string][] = [
    ...Object.entries(units).flatMap(([name, all]) =>
      all.map((unit): [string, string] => [name, `/system.slice/${unit}.service`]),
    ),
    ...processes.flatMap(({ pid, name }): [string, string][] => {
      const path = /^0::(.*)$/m.exec(readText(join(root, '/proc', String(pid), 'cgroup')))?.[1]
      // The root's counts are those of everybody.
      return path === undefined || path === '/' ? [] : [[name, path]]
    }),
  ]
  return groups.flatMap(([name, path]): OomKill[] => {
    const events = readText(join(root, '/sys/fs/cgroup', path, 'memory.events'))
    const count = Number(/^oom_kill (\d+)$/m.exec(events)?.[1] ?? 0)
    return count === 0 ? [] : [{ name, line: `${path}/memory.events: oom_kill ${count}` }]
  })
}

const logBytes = 256 * 1024

/** Each line names who wrote it: `ganesha.nfsd-PID[THREAD]`. */
const loggedBy = / : \S*-(\d+)\[/

const graceLine = /NFS Server Now (NOT )?IN GRACE/

/** Whether an NFS server is in its grace period, by what it says itself. */
export function gracePeriod(
  root: string,
  processes: readonly ServerProcess[],
  ganeshaLogFile?: string,
): Grace | undefined {
  const kernel = readText(join(root, '/proc/fs/nfsd/v4_end_grace')).trim()
  if (kernel === 'N' && processes.some(({ program }) => program === 'nfsd')) {
    return { program: 'nfsd', line: '/proc/fs/nfsd/v4_end_grace: N' }
  }
  if (ganeshaLogFile === undefined) return undefined
  const pids = new Set(
    processes.flatMap(({ program, pid }) => (program === 'ganesha.nfsd' ? pid : [])),
  )
  const last = readTail(ganeshaLogFile, logBytes)
    .split('\n')
    // What one said that has gone by now, its successor may say elsewhere.
    .filter((line) => pids.has(Number(loggedBy.exec(line)?.[1])))
    .findLast((line) => graceLine.test(line))
  if (last === undefined || graceLine.exec(last)?.[1] !== undefined) return undefined
  return { program: 'ganesha.nfsd', line: last.slice(0, 200) }
}
