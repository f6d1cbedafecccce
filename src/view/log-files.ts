import { createHash } from 'node:crypto'
import { constants, lstatSync } from 'node:fs'
import { open, readdir, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { constants as zlib, gunzipSync } from 'node:zlib'

/** One file of a log and of what it was rotated into, opened: it stays readable, whatever it is renamed to. */
export type LogSource = {
  path: string
  handle: FileHandle
  isCompressed: boolean
  /** lines are still added to it */
  isCurrent: boolean
  /** in bytes, as it lies on the disk */
  size: number
  mtimeMs: number
}

/** Whoever renames while we look is done after so many looks. */
const mostLooks = 10

/** By so much of its first line a file is known again after it was renamed or compressed. */
const headBytes = 4096

/**
 * Opens all files of a log, the oldest first. Should they be rotated meanwhile, it looks again, so that
 * none is there twice or not at all.
 */
export async function openLog(path: string): Promise<LogSource[]> {
  for (let look = 1; ; look += 1) {
    const sources: LogSource[] = []
    let isSteady = true
    try {
      for (const file of await logPaths(path)) {
        const source = await openSource(file, file === path)
        if (source === undefined) isSteady = false
        else sources.push(source)
      }
      if (look >= mostLooks || (isSteady && (await isAsOpened(path, sources)))) return sources
    } catch (error) {
      await closeLog(sources)
      throw error
    }
    await closeLog(sources)
  }
}

/** Closes the files of a log. */
export async function closeLog(sources: readonly LogSource[]): Promise<void> {
  await Promise.all(sources.map(({ handle }) => handle.close()))
}

/**
 * The files that a log was rotated into, the oldest first, and itself: `log.2.gz`, `log.1`, `log`, or with
 * the date in place of the number, as logrotate's `dateext` has it.
 */
export async function logPaths(path: string): Promise<string[]> {
  const name = basename(path)
  const directory = dirname(path)
  const found = new Map<string, string>()
  let isThere = false
  for (const file of await namesIn(directory)) {
    if (file === name) isThere = true
    const [, stem = '', compressed] = rotated.exec(file.slice(name.length)) ?? []
    if (!file.startsWith(name) || stem === '') continue
    // While it is being compressed both are there, and only the one that is not is whole for sure.
    if (compressed === undefined || !found.has(stem)) found.set(stem, join(directory, file))
  }
  const stems = [...found.keys()].toSorted(byAge)
  return [...stems.flatMap((stem) => found.get(stem) ?? []), ...(isThere ? [path] : [])]
}

/** What a file is known by after it was renamed or compressed; undefined while it has no whole line. */
export async function headOf(source: LogSource): Promise<string | undefined> {
  const start = await firstBytes(source)
  const end = start.indexOf(0x0a)
  if (start.length === 0) return undefined
  if (end < 0 && start.length < headBytes && source.isCurrent) return undefined
  const head = end < 0 ? start : start.subarray(0, end)
  return createHash('sha256').update(head).digest('base64url').slice(0, 12)
}

const rotated = /^([.-]\d{1,20}(?:[-.]\d{1,20})?)(\.gz)?$/

function isDated(stem: string): boolean {
  return stem.startsWith('-')
}

function byAge(a: string, b: string): number {
  if (isDated(a) !== isDated(b)) return isDated(a) ? -1 : 1
  if (isDated(a)) return a < b ? -1 : 1
  return Number(b.slice(1)) - Number(a.slice(1))
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).toSorted()
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return []
    throw error
  }
}

async function openSource(path: string, isCurrent: boolean): Promise<LogSource | undefined> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  let handle
  try {
    handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT' || code === 'ELOOP' || code === 'ENXIO') return undefined
    throw error
  }
  let source: LogSource | undefined
  try {
    const stats = await handle.stat()
    const { size, mtimeMs } = stats
    const isCompressed = path.endsWith('.gz')
    if (stats.isFile()) source = { path, handle, isCompressed, isCurrent, size, mtimeMs }
    return source
  } finally {
    if (source === undefined) await handle.close()
  }
}

async function isAsOpened(path: string, sources: readonly LogSource[]): Promise<boolean> {
  const now = await logPaths(path)
  if (now.length !== sources.length) return false
  for (const [i, { path: opened, handle }] of sources.entries()) {
    const there = lstatSync(opened, { throwIfNoEntry: false })
    const ours = await handle.stat()
    if (now[i] !== opened || there?.ino !== ours.ino || there.dev !== ours.dev) return false
  }
  return true
}

async function firstBytes({ handle, isCompressed }: LogSource): Promise<Buffer> {
  if (!isCompressed) return readAt(handle, 0, headBytes)
  // Twice as much as could be needed where nothing can be compressed.
  const packed = await readAt(handle, 0, headBytes * 2)
  try {
    return gunzipSync(packed, { finishFlush: zlib.Z_SYNC_FLUSH }).subarray(0, headBytes)
  } catch {
    return Buffer.alloc(0)
  }
}

/** Reads so many bytes of a file, fewer where it ends before. */
export async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
