import type { Io } from './io.ts'

/** How a command wants to end. */
export type Exit = {
  status: number
  /** something that was written has not come back: a disk hangs */
  stuck?: boolean
}

/**
 * Ends this process.
 *
 * Node waits for the threads of its pool at exit, and would wait for ever for a write to a disk that
 * hangs; then only the kernel can end it, and the status says so (137). Who waits for another one is told,
 * in words that are not read from a disk.
 */
export function leave({ status, stuck }: Exit, { err }: Pick<Io, 'err'>): never {
  if (stuck === true) {
    err(
      `clp-fsmon: a disk does not answer: ended by force, with exit status 137 and not ${status}\n`,
    )
    process.kill(process.pid, 'SIGKILL')
  }
  process.exit(status)
}
