import { randomBytes } from 'node:crypto'
import type { SmbConnection } from '../smb/connection.ts'
import type { Dialect } from '../smb/dialect.ts'
import {
  closeFile,
  createPassing,
  listStart,
  openForReading,
  openRoot,
  readStart,
  writeStart,
} from '../smb/files.ts'
import { MalformedError } from '../wire/malformed-error.ts'
import type { StageClock } from './stage-clock.ts'

/** What the deeper depths do on a share that is connected. */
export type FileWork = { treeId: number; dialect: Dialect; path: string | undefined }

/** Opens and reads a file, or lists the root where no file is named. */
export async function readShare(
  connection: SmbConnection,
  { treeId, path }: FileWork,
  clock: StageClock,
): Promise<void> {
  clock.enter('open')
  if (path === undefined) {
    const root = await openRoot(connection, treeId)
    clock.enter('list')
    await listStart(connection, root)
    await closeFile(connection, root)
    return
  }
  const file = await openForReading(connection, treeId, path)
  clock.enter('read')
  await readStart(connection, file)
  await closeFile(connection, file)
}

/** Writes a small file, reads it back, and has it deleted. */
export async function writeShare(
  connection: SmbConnection,
  { treeId, dialect }: FileWork,
  clock: StageClock,
): Promise<void> {
  clock.enter('create')
  const file = await createPassing(connection, treeId)
  clock.enter('write')
  const data = randomBytes(1024)
  await writeStart(connection, file, data, dialect)
  clock.enter('read-back')
  if (!(await readStart(connection, file)).equals(data)) {
    throw new MalformedError('what was read is not what was written')
  }
  clock.enter('delete')
  await closeFile(connection, file)
}
