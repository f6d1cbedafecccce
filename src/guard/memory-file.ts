import { constants } from 'node:fs'
import { open, rename, unlink } from 'node:fs/promises'
import { codeOf } from '../registry/code-of.ts'
import { decodeMemory, emptyMemory, type Memory } from './memory.ts'

/** No memory is longer; what is, is none. */
const mostBytes = 16 * 1024 * 1024

/** Reads what was kept; undefined where it cannot be read as that. */
export async function readMemory(path: string): Promise<Memory | undefined> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  let handle
  try {
    handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    const stats = await handle.stat()
    if (!stats.isFile() || stats.size > mostBytes) return undefined
    return decodeMemory(await handle.readFile('utf8'))
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? emptyMemory : undefined
  } finally {
    await handle?.close()
  }
}

/** Writes a memory in the place of the former one: all of it, or nothing. */
export async function writeMemory(path: string, memory: Memory): Promise<void> {
  const prepared = `${path}.tmp`
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants
  const handle = await open(prepared, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600)
  try {
    await handle.writeFile(JSON.stringify(memory))
  } catch (error) {
    await unlink(prepared).catch(() => undefined)
    throw error
  } finally {
    await handle.close()
  }
  await rename(prepared, path)
}
