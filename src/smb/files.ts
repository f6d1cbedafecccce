import { randomBytes } from 'node:crypto'
import { MalformedError } from '../wire/malformed-error.ts'
import { decodeClose, encodeClose } from './commands/close.ts'
import {
  access,
  createOptions,
  type CreateRequest,
  decodeCreate,
  disposition,
  encodeCreate,
  shareWithAll,
} from './commands/create.ts'
import { decodeQueryDirectory, encodeQueryDirectory } from './commands/query-directory.ts'
import { decodeRead, encodeRead } from './commands/read.ts'
import { decodeWrite, encodeWrite, writeThrough } from './commands/write.ts'
import type { SmbConnection } from './connection.ts'
import { type Dialect, dialect } from './dialect.ts'
import { command } from './header.ts'
import { ntStatus } from './nt-status.ts'

/** A file or directory that is open. */
export type OpenFile = { treeId: number; fileId: Buffer }

/** Enough to see that there is something, and less than the least that a server can be set to allow. */
const mostBytes = 8 * 1024

/** Opens a file for reading, by its path below the share, with either kind of slash. */
export function openForReading(
  connection: SmbConnection,
  treeId: number,
  path: string,
): Promise<OpenFile> {
  return openFile(connection, treeId, {
    name: path.replaceAll('/', '\\').replace(/^\\+/, ''),
    access: access.readData | access.readAttributes,
    attributes: 0,
    shareAccess: shareWithAll,
    disposition: disposition.open,
    options: createOptions.nonDirectory,
  })
}

/** Opens the root of a share for listing. */
export function openRoot(connection: SmbConnection, treeId: number): Promise<OpenFile> {
  return openFile(connection, treeId, {
    name: '',
    access: access.readData | access.readAttributes,
    attributes: 0,
    shareAccess: shareWithAll,
    disposition: disposition.open,
    options: createOptions.directory,
  })
}

/** Makes a file under a name that nobody has, which goes away with its last handle, whatever happens. */
export function createPassing(connection: SmbConnection, treeId: number): Promise<OpenFile> {
  return openFile(connection, treeId, {
    name: `.clp-fsmon-${randomBytes(12).toString('hex')}`,
    access: access.readData | access.writeData | access.readAttributes | access.delete,
    attributes: 0x100, // temporary: there is nothing in it to keep
    shareAccess: shareWithAll,
    disposition: disposition.create,
    options: createOptions.nonDirectory | createOptions.deleteOnClose,
  })
}

/** Reads the first bytes of a file; an empty one is as good as any. */
export async function readStart(
  connection: SmbConnection,
  { treeId, fileId }: OpenFile,
): Promise<Buffer> {
  const { header, body } = await connection.ask({
    command: command.read,
    body: encodeRead(fileId, mostBytes),
    treeId,
    expected: [ntStatus.success, ntStatus.endOfFile],
  })
  if (header.status === ntStatus.endOfFile) return Buffer.alloc(0)
  const data = decodeRead(body)
  if (data.length > mostBytes)
    throw new MalformedError(`${data.length} bytes read, of ${mostBytes}`)
  return data
}

/** Lists the first names of a directory; a root without even a dot in it is an answer as well. */
export async function listStart(
  connection: SmbConnection,
  { treeId, fileId }: OpenFile,
): Promise<string[]> {
  const { header, body } = await connection.ask({
    command: command.queryDirectory,
    body: encodeQueryDirectory(fileId, mostBytes),
    treeId,
    expected: [ntStatus.success, ntStatus.noSuchFile, ntStatus.noMoreFiles],
  })
  return header.status === ntStatus.success ? decodeQueryDirectory(body) : []
}

/** Writes the first bytes of a file, through to the disk where the dialect can say so. */
export async function writeStart(
  connection: SmbConnection,
  { treeId, fileId }: OpenFile,
  data: Buffer,
  settled: Dialect,
): Promise<void> {
  const flags = settled === dialect.smb202 ? 0 : writeThrough
  const { body } = await connection.ask({
    command: command.write,
    body: encodeWrite(fileId, data, flags),
    treeId,
  })
  const written = decodeWrite(body)
  if (written !== data.length) {
    throw new MalformedError(`${written} bytes written where ${data.length} were sent`)
  }
}

/** Closes a file. */
export async function closeFile(
  connection: SmbConnection,
  { treeId, fileId }: OpenFile,
): Promise<void> {
  const { body } = await connection.ask({
    command: command.close,
    body: encodeClose(fileId),
    treeId,
  })
  decodeClose(body)
}

/** Opens or makes what the request says. */
export async function openFile(
  connection: SmbConnection,
  treeId: number,
  request: CreateRequest,
): Promise<OpenFile> {
  const { body } = await connection.ask({
    command: command.create,
    body: encodeCreate(request),
    treeId,
  })
  return { treeId, fileId: Buffer.from(decodeCreate(body)) }
}
