import type { Credential } from '../rpc/credential.ts'
import type { CompoundCaller } from '../rpc/nfs4/compound-caller.ts'
import type { Procedure } from '../rpc/procedure.ts'
import type { NfsConnections } from './nfs-connections.ts'
import type { NfsPatience } from './nfs-patience.ts'
import type { Depth } from './probe.ts'
import type { StageClock } from './stage-clock.ts'

/** Which versions of NFS may be spoken. */
export type NfsVersion = 'auto' | '3' | '4' | '4.0' | '4.1' | '4.2'

/** An NFS server, what to look at, and how. */
export type NfsTarget = {
  /** a host name or a numeric address */
  host: string
  /** the exported directory: the real path for version 3, the path that the server shows for version 4 */
  directory: string
  depth: Depth
  /** a file below the directory to read instead of listing the directory */
  path?: string
  version: NfsVersion
  nfsPort?: number
  mountPort?: number
  portmapPort?: number
  /** UDP is for version 3 alone */
  transport: 'tcp' | 'udp'
  /** the name of this host, for the server's logs and for AUTH_SYS */
  machineName: string
  /** whether to come from a reserved port, as exports marked secure demand */
  privileged: boolean
}

/** What is looked at besides, in the version that is spoken. */
export type NfsLook = {
  v3: (
    ask: <A, R>(procedure: Procedure<A, R>, args: A) => Promise<R>,
    root: Buffer,
  ) => Promise<void>
  v4: (caller: CompoundCaller, root: Buffer) => Promise<void>
}

/** What the parts of one check share. */
export type NfsCheck = {
  target: NfsTarget
  address: string
  credential: Credential
  connections: NfsConnections
  patience: NfsPatience
  clock: StageClock
  seen: Record<string, string | number | boolean>
  signal: AbortSignal
  /** looks at the directory on the way, in a stage of its own */
  look: NfsLook | undefined
  /** names this monitor, unlike any other's, for as long as it runs */
  monitorName: string
}

/** Begins a stage, unless the check is in it already. */
export function enter(check: NfsCheck, stage: string): void {
  if (check.clock.current !== stage) check.clock.enter(stage)
}

/**
 * Does some work and undoes it in a stage of its own.
 *
 * Work that failed is undone as well, and stays what the check failed with.
 */
export async function thenUndo(
  check: NfsCheck,
  undoStage: string,
  work: () => Promise<void>,
  undo: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    await undo().catch(() => {})
    throw error
  }
  enter(check, undoStage)
  await undo()
}

/** The names along a path. */
export function namesIn(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.')
}
