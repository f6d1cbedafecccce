import { hostname } from 'node:os'
import { writeAll, type Io } from './io.ts'

/** The process that we run in. */
export function systemIo(): Io {
  return {
    out: (text) => {
      writeAll(1, text)
    },
    err: (text) => {
      writeAll(2, text)
    },
    env: process.env,
    uid: process.getuid?.() ?? 0,
    hostName: hostname,
  }
}
