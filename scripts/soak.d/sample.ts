import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** What a process and its state directory take, at one moment. */
export type Sample = {
  atMinutes: number
  /** what is left of the heap when everything needless is collected, in KiB */
  heapKiB: number
  /** memory of its own, in KiB: the pages of its heap, and everything else that is nobody else's */
  privateKiB: number
  descriptors: number
  sockets: number
  /** what lies beside the records, and the records: in files, and in bytes */
  files: number
  recordBytes: number
}

/** Takes a sample; undefined when the process is gone, or has not told of its heap yet. */
export function takeSample(
  { pid, heapFile }: { pid: number; heapFile: string },
  stateRoot: string,
  atMinutes: number,
): Sample | undefined {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    const targets = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => linkOf(`/proc/${pid}/fd/${fd}`))
    const run = join(stateRoot, 'run/clp-fsmon')
    // A temporary file is there for a moment with every check, and gone as we look at it.
    const names = readdirSync(run).filter((name) => !name.endsWith('.tmp'))
    const bytes = names.map((name) => statSync(join(run, name)).size)
    return {
      atMinutes,
      heapKiB: Number(readFileSync(heapFile, 'utf8')) / 1024,
      privateKiB: kib(rollup, 'Private_Clean') + kib(rollup, 'Private_Dirty'),
      descriptors: targets.length,
      sockets: targets.filter((target) => target.startsWith('socket:')).length,
      files: names.length,
      recordBytes: bytes.reduce((sum, each) => sum + each, 0),
    }
  } catch {
    return undefined
  }
}

function kib(rollup: string, field: string): number {
  return Number(new RegExp(`^${field}: +(\\d+) kB$`, 'm').exec(rollup)?.[1] ?? Number.NaN)
}

/** Nothing for a descriptor that was closed meanwhile. */
function linkOf(path: string): string[] {
  try {
    return [readlinkSync(path)]
  } catch {
    return []
  }
}
