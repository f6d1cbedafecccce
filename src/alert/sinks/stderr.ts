import { write, writeSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Sink } from '../entry.ts'
import { humanLine } from '../human-line.ts'
import { openWithoutBlocking } from '../open-without-blocking.ts'

/** How long a full pipe may take to be read before a line is given up. */
const patienceMs = 1000

const writeInPool = promisify(write)

/**
 * Standard error, a line for a person.
 *
 * Node writes to a pipe or a terminal in the loop itself, and would stand still for as long as nobody
 * reads. Both are opened once more without blocking: the flag belongs to what was opened, so that the
 * others who write there notice nothing.
 */
export function stderrSink(fd = 2): Sink {
  let own: number | undefined
  let isOpen = false
  return {
    name: 'stderr',
    takes: ({ kind, level }) => kind === 'alert' || level !== 'info',
    deliver: async (entry) => {
      if (!isOpen) own = openWithoutBlocking(fd)
      isOpen = true
      const bytes = Buffer.from(humanLine(entry))
      if (own === undefined) await writeInPool(fd, bytes)
      else await writeWithoutBlocking(own, bytes)
    },
    mayHoldProcess: () => isOpen && own === undefined,
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
