import { MalformedError } from '../wire/malformed-error.ts'
import { decodeEmptyBody, emptyBody } from './commands/empty-body.ts'
import { decodeTreeConnect, encodeTreeConnect, shareType } from './commands/tree-connect.ts'
import type { SmbConnection } from './connection.ts'
import { command } from './header.ts'
import { ShareTypeError } from './share-type-error.ts'

/** A share that is connected. */
export type Tree = { treeId: number; type: 'disk' | 'printer'; demandsSealing: boolean }

/** The flag of a share that is to be used sealed ([MS-SMB2] 2.2.10). */
const sealedShareFlag = 0x8000

/** What to send for a share, the same every time. */
export function treeConnectBody(server: string, share: string): Buffer {
  return encodeTreeConnect(`\\\\${server}\\${share}`)
}

/** Connects to a share, which has to be for files or for printing. */
export async function connectTree(connection: SmbConnection, body: Buffer): Promise<Tree> {
  const answer = await connection.ask({ command: command.treeConnect, body })
  const { treeId } = answer.header
  if (treeId === undefined) throw new MalformedError('a tree without an id')
  const found = decodeTreeConnect(answer.body)
  const demandsSealing = (found.shareFlags & sealedShareFlag) !== 0
  switch (found.shareType) {
    case shareType.disk:
      return { treeId, type: 'disk', demandsSealing }
    case shareType.printer:
      return { treeId, type: 'printer', demandsSealing }
    default:
      throw new ShareTypeError(found.shareType)
  }
}

/** Takes leave of share and session, both in one go. */
export async function leave(connection: SmbConnection, treeId: number): Promise<void> {
  const exchanges = await connection.askAll([
    { command: command.treeDisconnect, body: emptyBody, treeId },
    { command: command.logoff, body: emptyBody },
  ])
  for (const { body } of exchanges) decodeEmptyBody(body)
}
