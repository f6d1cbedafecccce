import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  type BigIntStats,
} from 'node:fs'
import { open, readdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from './code-of.ts'
import type { Disk } from './disk.ts'
import { fileStem } from './identifier.ts'
import { decodeRecord, encodeRecord, type DecodedRecord, type MonitorRecord } from './record.ts'

/** No record is longer; what is, is none. */
const mostBytes = 64 * 1024

const ending = '.json'

const readFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/** What is at the place of a record. */
export type StoredRecord = DecodedRecord | { kind: 'none' }

/** Records that were read before, under the names of their files; whoever lists again and again keeps it. */
export type KnownRecords = Map<string, { signature: string; stored: StoredRecord }>

/** A record that was written under another name and only has to be put in its place. */
export type PreparedRecord = { path: string; signature: string }

/** Where the record of an identifier lies. */
export function recordPath(directory: string, id: string): string {
  return join(directory, `${fileStem(id)}${ending}`)
}

/** Reads a record; what cannot be read as one, links and pipes included, is damaged. */
export async function readRecord(directory: string, id: string): Promise<StoredRecord> {
  const stored = await readAt(recordPath(directory, id))
  if (stored.kind !== 'record' || stored.record.id === id) return stored
  return { kind: 'damaged', reason: 'it is the record of another identifier' }
}

/**
 * Reads every record of a directory, under the names of their files without the ending. What is known
 * and was not written since is not read again. One after the other in the loop: by way of the pool, a
 * thousand of them would take ten times as long.
 */
export async function readRecords(
  directory: string,
  known: KnownRecords = new Map(),
): Promise<Map<string, StoredRecord>> {
  const records = new Map<string, StoredRecord>()
  for (const name of (await namesIn(directory)).toSorted()) {
    if (!name.endsWith(ending) || name.startsWith('.')) continue
    const stored = readUnlessKnown(join(directory, name), name, known)
    if (stored.kind !== 'none') records.set(name.slice(0, -ending.length), stored)
  }
  for (const name of known.keys()) {
    if (!records.has(name.slice(0, -ending.length))) known.delete(name)
  }
  return records
}

function readUnlessKnown(path: string, name: string, known: KnownRecords): StoredRecord {
  const before = known.get(name)
  if (before !== undefined) {
    const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false })
    if (stats !== undefined && signatureOf(stats) === before.signature) return before.stored
  }
  let signature = ''
  const stored = readAtOnce(path, (stats) => {
    signature = signatureOf(stats)
  })
  known.set(name, { signature, stored })
  return stored
}

async function readAt(path: string): Promise<StoredRecord> {
  let handle
  try {
    handle = await open(path, readFlags)
    const unsuited = unsuitable(await handle.stat({ bigint: true }))
    return unsuited ?? decodeRecord(await handle.readFile('utf8'))
  } catch (error) {
    return unreadable(error)
  } finally {
    await handle?.close()
  }
}

function readAtOnce(path: string, see: (stats: BigIntStats) => void): StoredRecord {
  let fd
  try {
    fd = openSync(path, readFlags)
    const stats = fstatSync(fd, { bigint: true })
    see(stats)
    return unsuitable(stats) ?? decodeRecord(readFileSync(fd, 'utf8'))
  } catch (error) {
    return unreadable(error)
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

function unsuitable(stats: BigIntStats): StoredRecord | undefined {
  if (!stats.isFile()) return { kind: 'damaged', reason: 'it is not a file' }
  if (stats.size > mostBytes) return { kind: 'damaged', reason: 'it is too long' }
  return undefined
}

function unreadable(error: unknown): StoredRecord {
  const code = codeOf(error)
  if (code === 'ENOENT') return { kind: 'none' }
  if (code === 'ELOOP') return { kind: 'damaged', reason: 'it is a symbolic link' }
  if (code === 'ENXIO') return { kind: 'damaged', reason: 'it is not a file' }
  throw error
}

/** Writes a record beside its place, for its owner's eyes only. */
export async function prepareRecord(
  directory: string,
  record: MonitorRecord,
  disk: Disk,
): Promise<PreparedRecord> {
  const path = join(directory, `.${fileStem(record.id)}.${record.process.pid}.tmp`)
  const text = encodeRecord(record)
  let stats
  try {
    stats = await disk.create(path, text)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    // Left behind by an earlier process of our number, or planted: never written to.
    await unlink(path)
    stats = await disk.create(path, text)
  }
  return { path, signature: signatureOf(stats) }
}

/** Tells one writing of a record from the next; a number alone may have been given to another file. */
export function signatureOf({ ino, mtimeNs }: BigIntStats): string {
  return `${ino} ${mtimeNs}`
}

/** What lies beside the records of a directory and may have been left behind. */
export async function leftoversIn(directory: string): Promise<string[]> {
  return (await namesIn(directory)).filter((name) => name.startsWith('.') && name.endsWith('.tmp'))
}

/** Removes, of these, what processes that are gone have left beside the place of a record. */
export async function removeLeftovers(
  directory: string,
  id: string,
  names: readonly string[],
): Promise<void> {
  const start = `.${fileStem(id)}.`
  for (const name of names) {
    if (name.startsWith(start)) await discard(join(directory, name))
  }
}

/** Removes a file that matters no more. */
export async function discard(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch {
    // It is in nobody's way.
  }
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}
