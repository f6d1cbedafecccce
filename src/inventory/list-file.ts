import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Protocol } from './item.ts'
import { decodeStoredList, encodeStoredList, type StoredList } from './stored-list.ts'

/** No list is longer; what is, is none. */
const mostBytes = 64 * 1024 * 1024

/** What is at the place of a list; one that cannot be read as such has been moved aside. */
export type FoundList =
  { kind: 'none' } | { kind: 'list'; list: StoredList } | { kind: 'damaged'; movedTo: string }

/** Where the list of a server is kept: a name of it that people know again, and that no other one has. */
export function listPath(directory: string, server: string, protocol: Protocol): string {
  const readable = server.replace(/[^0-9A-Za-z.-]/g, '_').slice(0, 80)
  const digest = createHash('sha256').update(server).digest('hex').slice(0, 12)
  return join(directory, `${readable}.${digest}.${protocol}.json`)
}

/** Reads a list. */
export async function readList(path: string): Promise<FoundList> {
  const text = await readText(path)
  if (text === undefined) return { kind: 'none' }
  const list = text === 'unsuited' ? undefined : decodeStoredList(text)
  if (list !== undefined) return { kind: 'list', list }
  const movedTo = `${path}.damaged`
  await rename(path, movedTo)
  return { kind: 'damaged', movedTo }
}

/** Writes a list in the place of the former one: all of it, or nothing. */
export async function writeList(path: string, list: StoredList): Promise<void> {
  const prepared = `${path}.tmp`
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants
  const handle = await open(prepared, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600)
  try {
    await handle.writeFile(encodeStoredList(list))
    await handle.sync()
  } catch (error) {
    await unlink(prepared).catch(() => undefined)
    throw error
  } finally {
    await handle.close()
  }
  await rename(prepared, path)
}

async function readText(path: string): Promise<string | undefined> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  let handle
  try {
    handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    const stats = await handle.stat()
    if (!stats.isFile() || stats.size > mostBytes) return 'unsuited'
    return await handle.readFile('utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') return undefined
    if (code === 'ELOOP') return 'unsuited'
    throw error
  } finally {
    await handle?.close()
  }
}
