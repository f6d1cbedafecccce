import { MountError } from '../rpc/mount/mount-error.ts'
import { Nfs3Error } from '../rpc/nfs3/nfs3-error.ts'
import { Nfs4Error } from '../rpc/nfs4/nfs4-error.ts'
import { RpcError } from '../rpc/rpc-error.ts'
import { MalformedError } from '../wire/malformed-error.ts'
import { SocketError } from '../wire/socket-error.ts'
import { errnoText } from './errno-text.ts'
import { SampleError } from './nfs-sample.ts'
import type { FailureKind } from './probe.ts'
import type { Judgement } from './run-check.ts'

/** What an error says of an NFS server, in the words of Sun RPC; undefined where it can only be our own bug. */
export function judgeNfs(error: unknown, stage: string): Judgement | undefined {
  if (error instanceof SocketError) {
    const failure = error.operation === 'connect' ? 'connect' : 'broken'
    return judgement(failure, stage, socketText(error, stage), error.message)
  }
  if (error instanceof MalformedError) {
    return judgement('malformed', stage, rpcText("RPC: Can't decode result", stage), error.message)
  }
  if (error instanceof RpcError) {
    const { refusal } = error
    if (refusal.kind !== 'program-not-registered') {
      return judgement('refused', stage, rpcText(error.message, stage), refusal.kind)
    }
    const { program, version } = refusal
    const who = program === 100_005 ? 'mountd' : 'nfs'
    const reason = `${who} (program ${program}, version ${version}) is not registered`
    return judgement('refused', stage, error.message, reason)
  }
  if (error instanceof Nfs4Error) {
    // To a client, a path that cannot be walked is a directory that cannot be mounted.
    const cannotMount = stage === 'walk' && error.operation === 'LOOKUP'
    const text = (cannotMount ? MountError.textOf(error.status) : undefined) ?? error.message
    return judgement('refused', stage, text, `${error.operation}: ${error.statusName}`)
  }
  if (error instanceof MountError || error instanceof Nfs3Error || error instanceof SampleError) {
    return judgement('refused', stage, error.message, error.message)
  }
  return undefined
}

/** What it means that the deadline ran out; `plea` is what a server said that asked for patience. */
export function judgeNfsTimeout(stage: string, plea: string | undefined): Judgement {
  return plea === undefined
    ? judgement('timeout', stage, rpcText('RPC: Timed out', stage), 'no answer within the deadline')
    : judgement('grace', stage, plea, 'alive, but asked for patience until the deadline')
}

function judgement(failure: FailureKind, stage: string, text: string, reason: string): Judgement {
  return { failure, cause: { id: 0, text }, reason: `${speaker(stage)}, ${stage}: ${reason}` }
}

function speaker(stage: string): string {
  switch (stage) {
    case 'lookup':
      return 'name service'
    case 'portmap':
      return 'portmapper'
    case 'mount':
    case 'umount':
      return 'mountd'
    default:
      return 'nfs'
  }
}

/** Sun RPC puts what befell the portmapper behind words of its own, without an error number. */
function rpcText(text: string, stage: string): string {
  return stage === 'portmap' ? `RPC: Port mapper failure - ${text}` : text
}

function socketText({ operation, code }: SocketError, stage: string): string {
  const text = operation === 'send' ? 'RPC: Unable to send' : 'RPC: Unable to receive'
  return stage === 'portmap'
    ? `RPC: Port mapper failure - ${text}`
    : `${text}: errno = ${errnoText(code)}.`
}
