import { ntStatus } from '../smb/nt-status.ts'
import { StatusError } from '../smb/status-error.ts'
import { connectTree, leave, treeConnectBody } from '../smb/tree.ts'
import type { NameSources } from '../wire/resolve.ts'
import type { Depth, Probe } from './probe.ts'
import { runCheck } from './run-check.ts'
import { readShare, writeShare } from './samba-files.ts'
import { judgeSamba, onSambaTimeout } from './samba-judgement.ts'
import { type SambaPlace, SambaServer, type Seen, type Talk } from './samba-server.ts'
import type { StageClock } from './stage-clock.ts'

/** Which server and share to ask, how deep, and as whom. */
export type SambaTarget = SambaPlace & {
  share: string
  depth: Depth
  /** what to read at the depths that read; where there is none the share's root is listed */
  path?: string
}

/** A probe of one share of one server; names are looked up where the system does, unless told. */
export function sambaProbe(target: SambaTarget, names: NameSources = {}): Probe {
  const server = new SambaServer(target, names)
  const { host, share, depth } = target
  const treeConnect = treeConnectBody(host, share)
  return (signal) =>
    runCheck(
      {
        firstStage: server.firstStage,
        walk: (clock, seen) =>
          server.visit(clock, seen, signal, async (talk) => {
            if (depth !== 'service') {
              await useShare({ server, target, treeConnect }, talk, clock, seen)
            }
          }),
        onTimeout: onSambaTimeout,
        judge: judgeSamba,
      },
      signal,
    )
}

type Wanted = { server: SambaServer; target: SambaTarget; treeConnect: Buffer }

async function useShare(
  { server, target, treeConnect }: Wanted,
  begun: Talk,
  clock: StageClock,
  seen: Seen,
): Promise<void> {
  const { depth, path } = target
  const talk = await server.logIn(begun, clock, seen)
  const { connection, negotiated } = talk

  clock.enter('tree')
  const tree = await connectTree(connection, treeConnect)
  seen.share = tree.type
  await server.settle(talk, tree, seen)

  const { treeId } = tree
  if (depth === 'read' || depth === 'write') {
    if (tree.type !== 'disk') {
      throw new StatusError(ntStatus.notSupported, 'a printer share has no files to read')
    }
    const work = { treeId, dialect: negotiated.dialect, path }
    await readShare(connection, work, clock)
    if (depth === 'write') await writeShare(connection, work, clock)
  }

  clock.enter('close')
  await leave(connection, treeId)
}
