/** Reads a file, or the names in a directory, of /proc; undefined where it is not to be had. */
export type ProcFiles = {
  read: (path: string) => Promise<string | undefined>
  list: (path: string) => Promise<readonly string[]>
}

/** What a server has done so far, by who did it; each number only grows. */
export type WorkDone = ReadonlyMap<string, number>

/** Reads what the servers of this host have done so far. */
export type ReadWork = () => Promise<WorkDone>

/** Those who serve clients, by their names in /proc/PID/comm. */
const samba = /^smbd(?:$|\[)/
const ganesha = /^ganesha\.nfsd/

/** What Samba's processes have read and written, each for itself. */
export function sambaWork(files: ProcFiles): ReadWork {
  return async () => bytesOf(files, samba)
}

/** What Ganesha has read and written, and the kernel's server. */
export function nfsWork(files: ProcFiles): ReadWork {
  return async () => {
    const kernel = await files.read('/proc/net/rpc/nfsd')
    const [, read = '0', written = '0'] = /^io (\d+) (\d+)$/m.exec(kernel ?? '') ?? []
    const work = new Map(await bytesOf(files, ganesha))
    if (kernel !== undefined) work.set('nfsd', Number(read) + Number(written))
    return work
  }
}

async function bytesOf(files: ProcFiles, name: RegExp): Promise<WorkDone> {
  const numbers = (await files.list('/proc')).filter((entry) => /^\d+$/.test(entry))
  const all = await Promise.all(
    numbers.map(async (pid): Promise<[string, number][]> => {
      const comm = (await files.read(`/proc/${pid}/comm`)) ?? ''
      if (!name.test(comm.trimEnd())) return []
      const [io = '', stat = ''] = await Promise.all([
        files.read(`/proc/${pid}/io`),
        files.read(`/proc/${pid}/stat`),
      ])
      const read = /^rchar: (\d+)$/m.exec(io)?.[1]
      const written = /^wchar: (\d+)$/m.exec(io)?.[1]
      // The name is in parentheses and may hold any; what follows is counted from their end (proc_pid_stat(5)).
      const startTicks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
      if (read === undefined || written === undefined || startTicks === undefined) return []
      return [[`${pid} ${startTicks}`, Number(read) + Number(written)]]
    }),
  )
  return new Map(all.flat())
}

/** So much must have been done: a check alone makes a server read and write a little. */
export const leastWorkBytes = 64 * 1024

/** How much was done between two readings by those who were there at both. */
export function workBetween(before: WorkDone, after: WorkDone): number {
  let bytes = 0
  for (const [who, done] of after) bytes += Math.max(0, done - (before.get(who) ?? done))
  return bytes
}
