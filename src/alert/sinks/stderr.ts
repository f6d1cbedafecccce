import { constants, fstatSync, openSync, write, writeSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Sink } from '../entry.ts'
import { humanLine } from '../human-line.ts'

/** How long a full pipe may take to be read before a line is given up. */
const patienceMs = 1000

const writeInPool = promisify(write)

/** Writes one line to a descriptor. */
type WriteLine = (bytes: Buffer) => Promise<void>

/**
 * Standard error, a line for a person.
 *
 * Node writes to a pipe or a terminal in the loop itself, and would stand still for as long as nobody
 * reads. Both are opened once more without blocking: the flag belongs to what was opened, so that the
 * others who write there notice nothing.
 */
export function stderrSink(fd = 2): Sink {
  let writeLine: WriteLine | undefined
  return {
    name: 'stderr',
    takes: ({ kind, level }) => kind === 'alert' || level !== 'info',
    deliver: async (entry) => {
      writeLine ??= openWriter(fd)
      await writeLine(Buffer.from(humanLine(entry)))
    },
  }
}

function openWriter(fd: number): WriteLine {
  const stats = fstatSync(fd)
  const own = stats.isFIFO() || stats.isCharacterDevice() ? openOnceMore(fd) : undefined
  if (own !== undefined) return (bytes) => writeWithoutBlocking(own, bytes)
  return async (bytes) => {
    await writeInPool(fd, bytes)
  }
}

/** Undefined where that is not allowed, as for the terminal of another user. */
function openOnceMore(fd: number): number | undefined {
  const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants
  try {
    return openSync(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK | O_NOCTTY)
  } catch (error) {
    if (codeOf(error) === 'EACCES') return undefined
    throw error
  }
}

async function writeWithoutBlocking(fd: number, bytes: Buffer): Promise<void> {
  const until = performance.now() + patienceMs
  let rest = bytes
  for (;;) {
    try {
      rest = rest.subarray(writeSync(fd, rest))
      if (rest.length === 0) return
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN' || performance.now() > until) throw error
      await delay(20)
    }
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
