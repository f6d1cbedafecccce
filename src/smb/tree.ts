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
  const { found, ...tree } = await connect(connection, body)
  switch (found) {
    case shareType.disk:
      return { ...tree, type: 'disk' }
    case shareType.printer:
      return { ...tree, type: 'printer' }
    default:
      throw new ShareTypeError(found)
  }
}

/** Connects to what has the pipes to a server's services. */
export async function connectPipes(
  connection: SmbConnection,
  server: string,
): Promise<Omit<Tree, 'type'>> {
  const { found, ...tree } = await connect(connection, treeConnectBody(server, 'IPC$'))
  if (found !== shareType.pipe) throw new MalformedError(`IPC$ is a share of type ${found}`)
  return tree
}

async function connect(
  connection: SmbConnection,
  body: Buffer,
): Promise<Omit<Tree, 'type'> & { found: number }> {
  const answer = await connection.ask({ command: command.treeConnect, body })
  const { treeId } = answer.header
  if (treeId === undefined) throw new MalformedError('a tree without an id')
  const { shareType: found, shareFlags } = decodeTreeConnect(answer.body)
  return { treeId, found, demandsSealing: (shareFlags & sealedShareFlag) !== 0 }
}

/** Takes leave of share and session, both in one go. */
export async function leave(connection: SmbConnection, treeId: number): Promise<void> {
  const exchanges = await connection.askAll([
    { command: command.treeDisconnect, body: emptyBody, treeId },
    { command: command.logoff, body: emptyBody },
  ])
  for (const { body } of exchanges) decodeEmptyBody(body)
}
