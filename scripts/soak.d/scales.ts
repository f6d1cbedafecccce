import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** How a monitor is started so that its memory can be weighed, and where it tells of it. */
export type Scales = {
  /** node's own options */
  runtime: readonly string[]
  /** what tells of malloc(), for LD_PRELOAD */
  library: string
  env: NodeJS.ProcessEnv
  memoryFile: string
  mallocFile: string
}

/** The interval that it is given, in seconds: no other timer of a monitor is as long. */
export const weighedIntervalS = 77

/**
 * Code is compiled, and memory for that is taken, for hours: here nothing is compiled beyond bytecode,
 * and this is neither put off nor dropped. All of the heap is collected whenever a megabyte was used.
 */
const runtime = [
  '--no-opt',
  '--no-sparkplug',
  '--no-maglev',
  '--no-flush-bytecode',
  '--no-lazy-feedback-allocation',
  '--max-semi-space-size=1',
  '--gc-global',
  '--expose-gc',
  `--require=${join(import.meta.dirname, 'tell-memory.cjs')}`,
]

/** Builds what tells of the memory that malloc() gave out; the path of the library. */
export function buildMallocTeller(directory: string): string {
  const library = join(directory, 'tell-malloc.so')
  const source = join(import.meta.dirname, 'tell-malloc.c')
  execFileSync('cc', ['-O1', '-shared', '-fPIC', '-pthread', '-o', library, source])
  return library
}

/** What differs from one use to the other. */
export type Weighing = {
  /** from buildMallocTeller() */
  library: string
  /** where it tells, under the monitor's name */
  directory: string
  id: string
  /** what it waits in place of its interval */
  pauseMs: number
  /** how often it tells */
  everyMs: number
  /** more of node's options */
  more?: readonly string[]
}

/** Scales for one monitor. */
export function scales({ library, directory, id, pauseMs, everyMs, more = [] }: Weighing): Scales {
  const memoryFile = join(directory, `${id}.memory`)
  const mallocFile = join(directory, `${id}.malloc`)
  return {
    runtime: [...runtime, ...more],
    library,
    env: {
      CLP_FSMON_SOAK_MEMORY: memoryFile,
      CLP_FSMON_SOAK_MALLOC: mallocFile,
      CLP_FSMON_SOAK_EVERY_MS: String(everyMs),
      CLP_FSMON_SOAK_HURRY: `${weighedIntervalS * 1000}:${pauseMs}`,
    },
    memoryFile,
    mallocFile,
  }
}
