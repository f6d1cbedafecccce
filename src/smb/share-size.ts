import {
  decodeCreate,
  encodeCreate,
  access,
  createOptions,
  disposition,
  shareWithAll,
} from './commands/create.ts'
import { decodeQueryFullSize, encodeQueryFullSize, type FullSize } from './commands/query-info.ts'
import type { SmbConnection } from './connection.ts'
import { closeFile } from './files.ts'
import { command } from './header.ts'

/** Asks how large the file system of a share is; of its root no more is wanted than to look at it. */
export async function shareSize(connection: SmbConnection, treeId: number): Promise<FullSize> {
  const opened = await connection.ask({
    command: command.create,
    body: encodeCreate({
      name: '',
      access: access.readAttributes,
      attributes: 0,
      shareAccess: shareWithAll,
      disposition: disposition.open,
      options: createOptions.directory,
    }),
    treeId,
  })
  const fileId = Buffer.from(decodeCreate(opened.body))
  const { body } = await connection.ask({
    command: command.queryInfo,
    body: encodeQueryFullSize(fileId),
    treeId,
  })
  const size = decodeQueryFullSize(body)
  await closeFile(connection, { treeId, fileId })
  return size
}
