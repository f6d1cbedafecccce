import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Scales } from './scales.ts'

/** What a process and its state directory take, at one moment. */
export type Sample = {
  atMinutes: number
  /** so many checks were made by then */
  checks: number
  /** what is left of the heap when everything needless is collected */
  heapBytes: number
  /** what malloc() gave out and has not got back */
  mallocBytes: number
  /** pages of its own, in bytes: those two have theirs among them, touched once and free or in use */
  privateBytes: number
  descriptors: number
  sockets: number
  /** what lies beside the records, and the records: in files, and in bytes */
  files: number
  recordBytes: number
}

/** Takes a sample; undefined when the process is gone, or has not told of its memory yet. */
export function takeSample(
  pid: number,
  { memoryFile, mallocFile }: Pick<Scales, 'memoryFile' | 'mallocFile'>,
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
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- ours, and renamed into place whole
    const told = JSON.parse(readFileSync(memoryFile, 'utf8')) as Pick<
      Sample,
      'checks' | 'heapBytes'
    >
    return {
      atMinutes,
      checks: told.checks,
      heapBytes: told.heapBytes,
      mallocBytes: Number(readFileSync(mallocFile, 'utf8')),
      privateBytes: bytesOf(rollup, 'Private_Clean') + bytesOf(rollup, 'Private_Dirty'),
      descriptors: targets.length,
      sockets: targets.filter((target) => target.startsWith('socket:')).length,
      files: names.length,
      recordBytes: bytes.reduce((sum, each) => sum + each, 0),
    }
  } catch {
    return undefined
  }
}

function bytesOf(rollup: string, field: string): number {
  const kib = new RegExp(`^${field}: +(\\d+) kB$`, 'm').exec(rollup)?.[1]
  return Number(kib ?? Number.NaN) * 1024
}

/** Nothing for a descriptor that was closed meanwhile. */
function linkOf(path: string): string[] {
  try {
    return [readlinkSync(path)]
  } catch {
    return []
  }
}
