import { hostname } from 'node:os'
import { openWithoutBlocking } from '../alert/open-without-blocking.ts'
import { writeAll, type Io } from './io.ts'

/** The process that we run in. Nobody has to read its complaints for it to go on. */
export function systemIo(): Io {
  let errors: number | undefined
  let isRead = true
  return {
    out: (text) => {
      isRead = writeAll(1, text) && isRead
    },
    err: (text) => {
      errors ??= impatient(2)
      writeAll(errors, text)
    },
    isRead: () => isRead,
    env: process.env,
    uid: process.getuid?.() ?? 0,
    hostName: hostname,
  }
}

function impatient(fd: number): number {
  try {
    return openWithoutBlocking(fd) ?? fd
  } catch {
    // Closed, or without anybody to read it: writing to it tells the same.
    return fd
  }
}
