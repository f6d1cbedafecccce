import { writeSync } from 'node:fs'

/** What a command sees of the process it runs in; the only way to people and to the environment. */
export type Io = {
  /** A result, on standard output. */
  out: (text: string) => void
  /** Something to be noticed, on standard error. */
  err: (text: string) => void
  /** false once the reader of standard output has gone */
  isRead?: () => boolean
  /** where standard error is, for who must not wait until it is read (2) */
  errFd?: number
  env: Readonly<Record<string, string | undefined>>
  uid: number
  /** The name of this server; throws where the system does not tell. */
  hostName: () => string
}

/**
 * Writes a text to a file descriptor as far as somebody takes it; a reader that has gone is no failure of
 * ours. False when it has.
 */
export function writeAll(fd: number, text: string): boolean {
  let rest: Uint8Array = Buffer.from(text)
  const wait = new Int32Array(new SharedArrayBuffer(4))
  for (let patience = 200; rest.length > 0 && patience > 0;) {
    try {
      rest = rest.subarray(writeSync(fd, rest))
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return false
      // A full pipe set to non-blocking by whoever made it: wait for its reader, but not for ever.
      Atomics.wait(wait, 0, 0, 10)
      patience -= 1
    }
  }
  return true
}
