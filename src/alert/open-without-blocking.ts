import { constants, fstatSync, openSync } from 'node:fs'

/**
 * Opens a pipe or a terminal once more for writing, so that a write says EAGAIN where nobody reads
 * instead of waiting. Undefined for anything else, and where that is not allowed, as for the terminal
 * of another user.
 */
export function openWithoutBlocking(fd: number): number | undefined {
  const stats = fstatSync(fd)
  if (!stats.isFIFO() && !stats.isCharacterDevice()) return undefined
  const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants
  try {
    return openSync(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK | O_NOCTTY)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') return undefined
    throw error
  }
}
