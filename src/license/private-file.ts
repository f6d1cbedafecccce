import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'

/** Why a file of ours was not read. */
export type FileTrouble = 'absent' | 'link' | 'not-a-file' | 'too-large' | 'unreadable'

/** What a file held, and who may read it. */
export type PrivateFile = { text: string; mode: number; uid: number } | { trouble: FileTrouble }

const largestBytes = 1024 * 1024

/** Reads a small regular file; follows no link in its last place and waits for no pipe. */
export function readPrivateFile(path: string): PrivateFile {
  let fd: number
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') return { trouble: 'absent' }
    return { trouble: code === 'ELOOP' ? 'link' : 'unreadable' }
  }
  try {
    const about = fstatSync(fd)
    if (!about.isFile()) return { trouble: 'not-a-file' }
    if (about.size > largestBytes) return { trouble: 'too-large' }
    return { text: readFileSync(fd, 'utf8'), mode: about.mode & 0o777, uid: about.uid }
  } catch {
    return { trouble: 'unreadable' }
  } finally {
    closeSync(fd)
  }
}
