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
 * hangs; then only the kernel can end it, and the status says so (137).
 */
export function leave({ status, stuck }: Exit): never {
  if (stuck === true) process.kill(process.pid, 'SIGKILL')
  process.exit(status)
}
