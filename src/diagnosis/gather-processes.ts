import { join } from 'node:path'
import type { BlockedThread, OpenFiles, Program, ServerProcess } from './facts.ts'
import { programOf } from './program-of.ts'
import { readLink, readNames, readText } from './read-text.ts'

/** What `/proc/PID/stat` says of a process or a thread. */
export type Stat = { name: string; state: string; parent: number; cpuTicks: string }

/** Reads a line of `/proc/PID/stat`; the name in it may hold anything. */
export function decodeStat(text: string): Stat | undefined {
  const open = text.indexOf('(')
  const close = text.lastIndexOf(')')
  if (open < 0 || close < open) return undefined
  const fields = text.slice(close + 2).split(' ')
  const [state, parent] = fields
  if (state === undefined || parent === undefined || !/^\d+$/.test(parent)) return undefined
  const cpuTicks = `${fields[11] ?? ''}+${fields[12] ?? ''}`
  return { name: text.slice(open + 1, close), state, parent: Number(parent), cpuTicks }
}

/**
 * The processes of file servers in our network namespace. Only what the kernel answers by itself is read:
 * `cmdline` would wait for the memory of a process that hangs.
 */
export function serverProcesses(root: string): ServerProcess[] {
  const proc = join(root, '/proc')
  const ours = readLink(join(proc, 'self/ns/net'))
  const found: ServerProcess[] = []
  for (const pid of readNames(proc)) {
    if (!/^\d+$/.test(pid)) continue
    const stat = decodeStat(readText(join(proc, pid, 'stat')))
    const program = stat && programOf(stat.name)
    if (stat === undefined || program === undefined) continue
    if (program === 'nfsd' || program === 'ksmbd') {
      // Threads of the kernel's, which serve the namespace that they were started from.
      if (program === 'nfsd' && Number(readText(join(proc, 'fs/nfsd/threads'))) === 0) continue
    } else {
      // A zombie has no namespace any more; where one cannot be looked up it may well be ours.
      const its = readLink(join(proc, pid, 'ns/net'))
      if (its !== undefined && its !== ours) continue
      if (its === undefined && stat.state === 'Z' && !isOurs(proc, stat.parent, ours)) continue
    }
    const { name, state, parent } = stat
    found.push({ pid: Number(pid), parent, name, program, state })
  }
  return found.toSorted((a, b) => a.pid - b.pid)
}

function isOurs(proc: string, pid: number, ours: string | undefined): boolean {
  return readLink(join(proc, String(pid), 'ns/net')) === ours
}

/** What is known of a thread at a moment, enough to tell whether it has moved since. */
export type ThreadLook = {
  pid: number
  tid: number
  name: string
  program: Program
  state: string
  wchan: string
  /** grows whenever it runs */
  moved: string
}

/** Every thread of these processes that waits where no signal reaches it. */
export function threadsInD(root: string, processes: readonly ServerProcess[]): ThreadLook[] {
  return processes.flatMap(({ pid, program }) => {
    const tasks = join(root, '/proc', String(pid), 'task')
    return readNames(tasks).flatMap((tid): ThreadLook[] => {
      const task = join(tasks, tid)
      const stat = decodeStat(readText(join(task, 'stat')))
      if (stat === undefined || stat.state !== 'D') return []
      const switches = /^voluntary_ctxt_switches:\s*(\d+)/m.exec(readText(join(task, 'status')))
      const wchan = readText(join(task, 'wchan'))
      const moved = `${stat.cpuTicks}/${switches?.[1] ?? ''}`
      const { name, state } = stat
      return [{ pid, tid: Number(tid), name, program, state, wchan, moved }]
    })
  })
}

/** Those that were in the same wait at every look: under load a thread is in one again and again, and moves on. */
export function stillBlocked(
  looks: readonly (readonly ThreadLook[])[],
  forMs: number,
): BlockedThread[] {
  const [first = [], ...later] = looks
  if (later.length === 0) return []
  return first
    .filter(({ tid, moved, wchan }) =>
      later.every((look) =>
        look.some((other) => other.tid === tid && other.moved === moved && other.wchan === wchan),
      ),
    )
    .map(({ pid, tid, name, program, wchan }) => ({
      pid,
      tid,
      name,
      program,
      wchan: wchan === '0' ? '' : wchan,
      forMs: Math.round(forMs),
    }))
}

/** How many files the processes have open. */
export function openFiles(root: string, processes: readonly ServerProcess[]): OpenFiles[] {
  return processes.flatMap(({ pid, name, program }): OpenFiles[] => {
    const limits = readText(join(root, '/proc', String(pid), 'limits'))
    const limit = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1])
    const numbers = readNames(join(root, '/proc', String(pid), 'fd')).map(Number)
    if (!Number.isInteger(limit) || numbers.length === 0) return []
    const below = numbers.filter((number) => number < limit).length
    return [{ pid, name, program, open: numbers.length, limit, free: limit - below }]
  })
}

/** How many files the whole system has open. */
export function fileTable(root: string): { open: number; most: number } | undefined {
  const [open, , most] = readText(join(root, '/proc/sys/fs/file-nr')).trim().split(/\s+/)
  return most === undefined ? undefined : { open: Number(open), most: Number(most) }
}
