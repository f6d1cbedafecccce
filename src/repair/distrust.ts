import { constants } from 'node:fs'
import { access, realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Why a program is not run as a step, and what of its path says so. */
export type Distrust =
  | { why: 'missing' | 'not-a-file' | 'not-executable'; path: string }
  | { why: 'not-roots-alone'; path: string; mode: string; uid: number }
  | { why: 'unreadable'; path: string; code: string }

/**
 * Why a program is not run. Others than root and this process's user must not be able to change it, nor
 * to put another one in its place: neither where it is named, nor where its name leads to.
 */
export async function distrust(file: string): Promise<Distrust | undefined> {
  try {
    const real = await realpath(file)
    const { mode } = await stat(real)
    if ((mode & constants.S_IFMT) !== constants.S_IFREG) return { why: 'not-a-file', path: file }
    for (const path of new Set([real, dirname(real), dirname(file)])) {
      const open = await openToOthers(path)
      if (open !== undefined) return open
    }
    return (await isExecutable(real, mode)) ? undefined : { why: 'not-executable', path: file }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR'
    return isMissing ? { why: 'missing', path: file } : { why: 'unreadable', path: file, code }
  }
}

async function openToOthers(path: string): Promise<Distrust | undefined> {
  const { mode, uid } = await stat(path)
  if ((mode & 0o022) === 0 && (uid === 0 || uid === process.geteuid?.())) return undefined
  const shown = (mode & 0o7777).toString(8).padStart(4, '0')
  return { why: 'not-roots-alone', path, mode: shown, uid }
}

/** For root, who runs it; whoever else asks sees the mode alone. */
async function isExecutable(path: string, mode: number): Promise<boolean> {
  if ((mode & 0o111) === 0) return false
  if (process.geteuid?.() !== 0) return true
  // A file system that is mounted without leave to execute refuses this as well.
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
