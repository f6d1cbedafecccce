import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  readSync,
  readdirSync,
} from 'node:fs'

/** The text of a file of the kernel's, or nothing where there is none to be had. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}

/** What is in a directory of the kernel's. */
export function readNames(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

/** Where a link of the kernel's leads. */
export function readLink(file: string): string | undefined {
  try {
    return readlinkSync(file)
  } catch {
    return undefined
  }
}

const mostBytes = 4 * 1024 * 1024

/** What can be read of a file right now; one that has an end only in time, such as the kernel's log, is not waited for. */
export function readAvailable(file: string): string {
  let fd: number
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch {
    return ''
  }
  const parts: Buffer[] = []
  let bytes = 0
  try {
    while (bytes < mostBytes) {
      const part = Buffer.alloc(8192)
      const count = readSync(fd, part)
      if (count === 0) break
      parts.push(part.subarray(0, count))
      bytes += count
    }
  } catch {
    // EAGAIN: that was all there is by now.
  } finally {
    closeSync(fd)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** The end of a file that may be long. */
export function readTail(file: string, mostBytesOfIt: number): string {
  let fd: number
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch {
    return ''
  }
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) return ''
    const bytes = Buffer.alloc(Math.min(stats.size, mostBytesOfIt))
    return bytes
      .subarray(0, readSync(fd, bytes, 0, bytes.length, stats.size - bytes.length))
      .toString('utf8')
  } catch {
    return ''
  } finally {
    closeSync(fd)
  }
}
