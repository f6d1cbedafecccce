import { closeSync, constants, openSync } from 'node:fs'
import { join } from 'node:path'

/** The longest path of a Unix socket: 108 bytes with the zero at its end. */
const longestPath = 107

/** A path that a socket can have; valid until it is closed. */
export type SocketPath = { path: string; close: () => void }

/**
 * Names a socket by a path that fits, however deep its directory lies: where the plain one is too
 * long, by way of a descriptor of the directory.
 */
export function openSocketPath(directory: string, name: string): SocketPath {
  const path = join(directory, name)
  if (Buffer.byteLength(path) <= longestPath) return { path, close: () => undefined }
  const fd = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY)
  return {
    path: `/proc/self/fd/${fd}/${name}`,
    close: () => {
      closeSync(fd)
    },
  }
}
