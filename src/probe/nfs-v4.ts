import { authNone } from '../rpc/credential.ts'
import { PlainCaller, type CompoundCaller } from '../rpc/nfs4/compound-caller.ts'
import { getFh, putFh, putRootFh, lookup } from '../rpc/nfs4/file-handle.ts'
import { getattr } from '../rpc/nfs4/getattr.ts'
import { Nfs4Error, nfs4Status } from '../rpc/nfs4/nfs4-error.ts'
import { ClientId } from '../rpc/nfs4/client-id.ts'
import { nfs4Program, type Minor } from '../rpc/nfs4/protocol.ts'
import type { Operation } from '../rpc/nfs4/operation.ts'
import { readdir } from '../rpc/nfs4/readdir.ts'
import { Nfs4Session } from '../rpc/nfs4/session.ts'
import { nullProcedure } from '../rpc/call.ts'
import type { RpcClient } from '../rpc/rpc-client.ts'
import { enter, namesIn, thenUndo, type NfsCheck } from './nfs-check.ts'
import { readFile4, writeSample4 } from './nfs-v4-files.ts'
import { spaceStage } from './space.ts'

/** Where NFS version 4 is served unless said otherwise; it needs no portmapper. */
export const usualNfs4Port = 2049

/** Calls NULL of NFS version 4. */
export async function reachNfs4(check: NfsCheck): Promise<RpcClient> {
  const nfs = await connect(check)
  await callNull(nfs)
  return nfs
}

async function connect({ target, seen, connections }: NfsCheck): Promise<RpcClient> {
  const port = target.nfsPort ?? usualNfs4Port
  seen['nfsPort'] = port
  return connections.open(port)
}

async function callNull(nfs: RpcClient): Promise<void> {
  await nfs.call(nfs4Program, nullProcedure, authNone, undefined)
}

/** Minor versions, the one to try first in front. */
export type Minors = readonly [Minor, ...Minor[]]

/** What is done once compounds can be carried out. */
type Use = (check: NfsCheck, caller: CompoundCaller) => Promise<void>

/**
 * Calls NULL, walks to the directory and asks what the depth wants to know of it, or whatever else is to be done,
 * in the first of the minor versions that the server has; returns those that remain to be tried from now on.
 */
export async function proveNfs4(
  check: NfsCheck,
  minors: Minors,
  use: Use = useDirectory,
): Promise<Minors> {
  if (check.target.depth === 'service') {
    await reachNfs4(check)
    check.seen['version'] = '4'
    return minors
  }
  const [minor] = minors
  if (minor === 0 || check.target.transport === 'udp') {
    return proveMinors(check, await reachNfs4(check), minors, use)
  }
  const nfs = await connect(check)
  const introduce = await introduceBehindNull(check, nfs, minor)
  return proveMinors(check, nfs, minors, use, introduce)
}

/** The first call of a session, which says who we are; it is made again where the server asks for patience. */
type Introduction = () => Promise<ClientId>

/**
 * Calls NULL and sends the first call of a session along with it, which saves a trip to the server and back.
 *
 * NULL is judged first, whichever reply comes first; what became of the other call shows when it is asked for.
 */
async function introduceBehindNull(
  check: NfsCheck,
  nfs: RpcClient,
  minor: Minor,
): Promise<Introduction> {
  const again = introduction(check, nfs, minor)
  const { reached, asked } = nfs.together(() => ({ reached: callNull(nfs), asked: again() }))
  // Its failure is that of a later stage, to which it may never come.
  asked.catch(() => {})
  try {
    await reached
  } catch (error) {
    await asked.then((clientId) => clientId.giveBack()).catch(() => {})
    throw error
  }
  let isFirst = true
  return async () => {
    if (!isFirst) return again()
    isFirst = false
    return asked
  }
}

function introduction(check: NfsCheck, nfs: RpcClient, minor: Minor): Introduction {
  const owner = { id: check.monitorName, verifier: newVerifier() }
  return async () => ClientId.ask(nfs, check.credential, minor, owner)
}

async function proveMinors(
  check: NfsCheck,
  nfs: RpcClient,
  minors: Minors,
  use: Use,
  introduce?: Introduction,
): Promise<Minors> {
  const [minor, next, ...others] = minors
  try {
    await proveMinor(check, nfs, minor, use, introduce)
    return [minor]
  } catch (error) {
    if (next === undefined || !lacksMinor(error)) throw error
  }
  return proveMinors(check, nfs, [next, ...others], use)
}

function lacksMinor(error: unknown): boolean {
  return error instanceof Nfs4Error && error.status === nfs4Status.minorVersionMismatch
}

async function proveMinor(
  check: NfsCheck,
  nfs: RpcClient,
  minor: Minor,
  use: Use,
  introduce = introduction(check, nfs, minor),
): Promise<void> {
  const { credential, patience } = check
  if (minor === 0) {
    await use(check, new PlainCaller(nfs, credential))
    return
  }
  enter(check, 'session')
  const session = await Nfs4Session.open(await patience.ask(introduce), patience.ask)
  await thenUndo(
    check,
    'teardown',
    () => use(check, session),
    () => session.close(patience.ask),
  )
}

/** Another one for every check: the time to the microsecond, of which the check before had another. */
function newVerifier(): Buffer {
  const verifier = Buffer.allocUnsafe(8)
  verifier.writeDoubleBE(performance.timeOrigin + performance.now())
  return verifier
}

async function useDirectory(check: NfsCheck, caller: CompoundCaller): Promise<void> {
  const { depth, directory, path } = check.target
  check.seen['version'] = `4.${caller.minor}`
  enter(check, 'walk')
  const root = await walk(check, caller, putRootFh, namesIn(directory))
  enter(check, 'getattr')
  await check.patience.ask(() => caller.compound([putFh(root), getattr]))
  const { look } = check
  if (look !== undefined) {
    enter(check, spaceStage)
    await check.patience.ask(() => look.v4(caller, root))
  }
  if (depth !== 'read' && depth !== 'write') return
  if (path === undefined) {
    enter(check, 'list')
    await check.patience.ask(() => caller.compound([putFh(root), readdir]))
  } else {
    enter(check, 'read')
    const names = namesIn(path)
    const file = names.pop() ?? ''
    const parent = names.length === 0 ? root : await walk(check, caller, putFh(root), names)
    await readFile4(check, caller, parent, file)
  }
  if (depth === 'write') await writeSample4(check, caller, root)
}

/** The handle of what a path leads to, in as few compounds as the server allows. */
async function walk(
  check: NfsCheck,
  caller: CompoundCaller,
  from: Operation<void>,
  names: readonly string[],
): Promise<Buffer> {
  const room = Math.max(1, caller.maxOperations - 2)
  const lookups = names.slice(0, room).map((name) => lookup(name))
  const results = await check.patience.ask(() => caller.compound([from, ...lookups, getFh]))
  // GETFH is the last, which the compiler cannot tell in a list of any length.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const handle = results.at(-1) as Buffer
  const rest = names.slice(room)
  return rest.length === 0 ? handle : walk(check, caller, putFh(handle), rest)
}
