import { RpcError } from '../rpc/rpc-error.ts'
import { SocketError } from '../wire/socket-error.ts'
import type { NfsCheck } from './nfs-check.ts'
import { pause } from './nfs-patience.ts'
import { findNfs3Ports, needsPortmapper, type Nfs3Ports } from './nfs-ports.ts'
import { reachNfs3 } from './nfs-v3.ts'
import { reachNfs4 } from './nfs-v4.ts'
import { ownTrouble } from './own-trouble.ts'

/** After so long without a connection the portmapper may be filtered, as before servers of version 4 alone. */
const silenceMs = 3500

/** What a server turned out to serve. */
export type Found = { version: '3'; ports: Nfs3Ports } | { version: '4' }

/**
 * Finds out whether to speak version 3 or 4 with a server that has not passed a check yet.
 *
 * Version 4 only where the server shows that it has no version 3: no portmapper, no NFS 3 or no mountd
 * registered there, or a version mismatch. A portmapper that takes the connection and then is silent is
 * no such sign, nor is a port that is registered and refuses.
 */
export async function findVersion(check: NfsCheck): Promise<Found> {
  try {
    const ports = await portsUnlessSilent(check)
    if (ports === undefined) return { version: '4' }
    await reachNfs3(check, ports.nfs)
    return { version: '3', ports }
  } catch (error) {
    if (lacksNfs3(check, error) && (await servesNfs4(check))) return { version: '4' }
    throw error
  }
}

function lacksNfs3({ target, clock }: NfsCheck, error: unknown): boolean {
  if (target.transport === 'udp') return false
  if (clock.current === 'portmap' && error instanceof SocketError) {
    return ownTrouble(error) === undefined
  }
  if (!(error instanceof RpcError)) return false
  const { refusal } = error
  return (
    refusal.kind === 'program-not-registered' ||
    (refusal.kind === 'version-mismatch' && clock.current === 'null' && refusal.low > 3)
  )
}

async function servesNfs4(check: NfsCheck): Promise<boolean> {
  try {
    await reachNfs4(check)
    return true
  } catch {
    return false
  }
}

async function portsUnlessSilent(check: NfsCheck): Promise<Nfs3Ports | undefined> {
  if (check.target.transport === 'udp' || !needsPortmapper(check.target)) {
    return findNfs3Ports(check, check.signal)
  }
  const decided = new AbortController()
  const signal = AbortSignal.any([check.signal, decided.signal])
  let isThere = false
  const ports = findNfs3Ports(check, signal, () => {
    isThere = true
  })
  const silence = pause(silenceMs, signal).then(async () => {
    if (isThere || !(await servesNfs4(check)) || isThere) return ports
    return undefined
  })
  try {
    return await Promise.race([ports, silence])
  } finally {
    decided.abort()
  }
}
