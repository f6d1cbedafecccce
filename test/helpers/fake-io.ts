import { openSync } from 'node:fs'
import type { Io } from '../../src/cli/io.ts'

/** A process that is none: keeps what is printed. */
export type FakeIo = Io & { printed: () => string; complained: () => string }

/** An Io for tests; `env` is all the environment there is. */
export function fakeIo(env: Record<string, string> = {}, uid = 0): FakeIo {
  let out = ''
  let err = ''
  return {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    errFd: openSync('/dev/null', 'w'),
    env,
    uid,
    hostName: () => 'server1',
    printed: () => out,
    complained: () => err,
  }
}
