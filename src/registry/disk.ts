import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  renameSync,
  unlinkSync,
  writeFileSync,
  type BigIntStats,
} from 'node:fs'
import { lstat, open, rename, statfs, unlink } from 'node:fs/promises'

/** How the files of a record are written again and again. */
export type Disk = {
  stats: (path: string) => BigIntStats | Promise<BigIntStats>
  move: (from: string, to: string) => void | Promise<void>
  /** Writes a file that must not be there yet, for its owner's eyes only; what was begun and failed is taken away. */
  create: (path: string, text: string) => BigIntStats | Promise<BigIntStats>
}

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
const createFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
const ownersOnly = 0o600

/** By way of Node's threads, so that a disk that hangs holds up one of them and nobody else. */
export const pooledDisk: Readonly<Disk> = {
  stats: async (path) => lstat(path, { bigint: true }),
  move: async (from, to) => rename(from, to),
  create: async (path, text) => {
    const handle = await open(path, createFlags, ownersOnly)
    try {
      await handle.writeFile(text)
      return await handle.stat({ bigint: true })
    } catch (error) {
      await unlink(path)
      throw error
    } finally {
      await handle.close()
    }
  },
}

/** At once, which takes less than half of the processor's time. */
export const directDisk: Readonly<Disk> = {
  stats: (path) => lstatSync(path, { bigint: true }),
  move: (from, to) => {
    renameSync(from, to)
  },
  create: (path, text) => {
    const fd = openSync(path, createFlags, ownersOnly)
    try {
      writeFileSync(fd, text)
      return fstatSync(fd, { bigint: true })
    } catch (error) {
      unlinkSync(path)
      throw error
    } finally {
      closeSync(fd)
    }
  },
}

/** tmpfs and ramfs, by the numbers that statfs(2) gives them */
const inMemory: ReadonlySet<number> = new Set([0x01021994, 0x858458f6])

/** How to write in a directory: in memory, where a process would hang by its own memory as well, at once; else by threads. */
export async function diskOf(directory: string): Promise<Disk> {
  const { type } = await statfs(directory)
  return inMemory.has(type) ? directDisk : pooledDisk
}
