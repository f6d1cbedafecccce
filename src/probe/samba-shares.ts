import { Conversation } from '../dcerpc/conversation.ts'
import { DcerpcError } from '../dcerpc/dcerpc-error.ts'
import { listAllShares, type ListedShare, srvsvc } from '../dcerpc/net-share-enum.ts'
import { SmbPipe } from '../smb/pipe.ts'
import { connectPipes, leave } from '../smb/tree.ts'
import type { NameSources } from '../wire/resolve.ts'
import type { Listing } from './listing.ts'
import { runCheck } from './run-check.ts'
import { judgeSamba, onSambaTimeout } from './samba-judgement.ts'
import { type SambaPlace, SambaServer, type Seen, type Talk } from './samba-server.ts'
import type { StageClock } from './stage-clock.ts'

/** Asks a server for all its shares; never throws. */
export async function listSambaShares(
  place: SambaPlace,
  signal: AbortSignal,
  names: NameSources = {},
): Promise<Listing<ListedShare[]>> {
  const server = new SambaServer(place, names)
  let found: ListedShare[] | undefined
  const outcome = await runCheck(
    {
      firstStage: server.firstStage,
      walk: (clock, seen) =>
        server.visit(clock, seen, signal, async (talk) => {
          found = await askForShares(server, place.host, talk, clock, seen)
        }),
      onTimeout: onSambaTimeout,
      judge: (error, stage) =>
        error instanceof DcerpcError
          ? {
              failure: 'refused',
              cause: { id: 62, nn: error.number },
              reason: `${stage}: ${error.message}`,
            }
          : judgeSamba(error, stage),
    },
    signal,
  )
  return { outcome, found: outcome.kind === 'ok' ? found : undefined }
}

async function askForShares(
  server: SambaServer,
  host: string,
  begun: Talk,
  clock: StageClock,
  seen: Seen,
): Promise<ListedShare[]> {
  const talk = await server.logIn(begun, clock, seen)
  const { connection } = talk

  clock.enter('tree')
  const tree = await connectPipes(connection, host)
  await server.settle(talk, tree, seen)

  clock.enter('pipe')
  const pipe = await SmbPipe.open(connection, tree.treeId, 'srvsvc')
  const conversation = await Conversation.open(pipe, srvsvc)
  clock.enter('list')
  const shares = await listAllShares(conversation, host)

  clock.enter('close')
  await pipe.close()
  await leave(connection, tree.treeId)
  return shares
}
