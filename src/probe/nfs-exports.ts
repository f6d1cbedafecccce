import { randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import { authSys } from '../rpc/credential.ts'
import { type Exported, exportList } from '../rpc/mount/export.ts'
import { mountProgram } from '../rpc/mount/mnt.ts'
import type { Program } from '../rpc/procedure.ts'
import { findPort } from '../rpc/portmap/find-port.ts'
import { RpcError } from '../rpc/rpc-error.ts'
import type { NameSources } from '../wire/resolve.ts'
import type { Listing } from './listing.ts'
import { enter, type NfsCheck } from './nfs-check.ts'
import { NfsConnections } from './nfs-connections.ts'
import { judgeNfs, judgeNfsTimeout } from './nfs-judgement.ts'
import { NfsPatience } from './nfs-patience.ts'
import { listPseudoRoot, type PseudoList } from './nfs-pseudo.ts'
import { proveNfs4 } from './nfs-v4.ts'
import { runCheck } from './run-check.ts'
import { ServerAddresses } from './server-addresses.ts'

/** Which server to ask for its exports; ports that are not named are asked of the portmapper, or the usual ones. */
export type NfsPlace = {
  host: string
  nfsPort?: number
  mountPort?: number
  portmapPort?: number
  /** the name of this host, for AUTH_SYS */
  machineName: string
  /** whether to come from a reserved port, which some servers want */
  privileged: boolean
}

const usualPortmapPort = 111
/** The first version of MOUNT, whose EXPORT is the same (RFC 1094, appendix A). */
const mountProgram1: Readonly<Program> = { number: mountProgram.number, version: 1 }

/** Asks a server's mountd what it exports, and to whom; never throws. */
export async function listMountExports(
  place: NfsPlace,
  signal: AbortSignal,
  names: NameSources = {},
): Promise<Listing<Exported[]>> {
  const first = place.mountPort === undefined ? 'portmap' : 'mount'
  return ask(place, first, signal, names, async (check) => {
    const { connections, credential, seen } = check
    const { port, program } = await findMountd(check, place)
    enter(check, 'mount')
    seen['mountPort'] = port
    const mountd = await connections.open(port)
    try {
      seen['mountVersion'] = program.version
      return await mountd.call(program, exportList, credential, undefined)
    } catch (error) {
      if (program === mountProgram1 || !isLackOfVersion(error)) throw error
      seen['mountVersion'] = mountProgram1.version
      return mountd.call(mountProgram1, exportList, credential, undefined)
    }
  })
}

/** Asks a server of version 4 what lies below its root; never throws. */
export async function listNfs4Exports(
  place: NfsPlace,
  signal: AbortSignal,
  names: NameSources = {},
): Promise<Listing<PseudoList>> {
  return ask(place, 'null', signal, names, async (check) => {
    let found: PseudoList | undefined
    await proveNfs4(check, [2, 1, 0], async (_, caller) => {
      check.seen['version'] = `4.${caller.minor}`
      enter(check, 'list')
      found = await listPseudoRoot(caller, check.patience.ask)
    })
    return found
  })
}

async function ask<T>(
  place: NfsPlace,
  firstStage: string,
  signal: AbortSignal,
  names: NameSources,
  work: (check: NfsCheck) => Promise<T | undefined>,
): Promise<Listing<T>> {
  const { host, machineName, privileged } = place
  const monitorName = `clp-fsmon.inventory.${randomBytes(8).toString('hex')}`
  const credential = authSys(machineName, randomBytes(4).readUInt32BE(0))
  const patience = new NfsPatience(signal)
  const target = {
    ...place,
    directory: '/',
    depth: 'share',
    version: 'auto',
    transport: 'tcp',
  } as const
  let found: T | undefined
  const outcome = await runCheck(
    {
      firstStage: isIP(host) === 0 ? 'lookup' : firstStage,
      walk: async (clock, seen) => {
        const { addresses } = await new ServerAddresses(host, names).find(signal)
        const [address] = addresses
        seen['address'] = address
        if (clock.current !== firstStage) clock.enter(firstStage)
        const reach = { address, transport: 'tcp', privileged } as const
        const connections = new NfsConnections(reach, signal)
        const shared = { target, address, credential, connections, patience, clock, seen, signal }
        try {
          found = await work({ ...shared, look: undefined, monitorName })
        } finally {
          connections.close(true)
        }
      },
      onTimeout: (stage) => judgeNfsTimeout(stage, patience.plea),
      judge: judgeNfs,
    },
    signal,
  )
  return { outcome, found: outcome.kind === 'ok' ? found : undefined }
}

/** Where mountd is, and in which version: the first one that is registered. */
async function findMountd(
  { connections, address, signal }: NfsCheck,
  { mountPort, portmapPort }: NfsPlace,
): Promise<{ port: number; program: Readonly<Program> }> {
  if (mountPort !== undefined) return { port: mountPort, program: mountProgram }
  const client = await connections.openPlain(portmapPort ?? usualPortmapPort, signal)
  const find = async (program: Readonly<Program>) => ({
    port: await findPort(client, address, program, 'tcp'),
    program,
  })
  try {
    return await find(mountProgram).catch(async (error: unknown) => {
      if (!isLackOfVersion(error)) throw error
      return find(mountProgram1)
    })
  } finally {
    client.close('abrupt')
  }
}

function isLackOfVersion(error: unknown): boolean {
  if (!(error instanceof RpcError)) return false
  const { kind } = error.refusal
  return kind === 'program-not-registered' || kind === 'version-mismatch'
}
