import { randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import { authSys } from '../rpc/credential.ts'
import { LookupError } from '../wire/lookup-error.ts'
import { resolveHost, type NameSources } from '../wire/resolve.ts'
import { findVersion } from './nfs-auto.ts'
import { enter, type NfsCheck, type NfsLook, type NfsTarget, type NfsVersion } from './nfs-check.ts'
import { NfsConnections } from './nfs-connections.ts'
import { judgeNfs, judgeNfsTimeout } from './nfs-judgement.ts'
import { NfsPatience } from './nfs-patience.ts'
import { findNfs3Ports, needsPortmapper } from './nfs-ports.ts'
import { proveNfs3, reachNfs3 } from './nfs-v3.ts'
import { proveNfs4, type Minors } from './nfs-v4.ts'
import type { Probe } from './probe.ts'
import { runCheck } from './run-check.ts'

/** With an address from an earlier check at hand, the name service gets no more time than this. */
const lookupPatienceMs = 2000

/** So long after a close in good order the next may be one; a port that lingers does so for a minute. */
const lingeringPauseMs = 1000

/** What one check tells the next. */
type Memory = {
  /** settled by the first success and from then on never changed */
  version: 'auto' | '3' | '4'
  minors: Minors
  /** where the last success came from */
  address: string | undefined
  /** when a check last closed its connections in good order */
  closedInOrderAt: number
}

/** Asks an NFS server, version 3 or 4, whether a client could use a directory of it. */
export function nfsProbe(target: NfsTarget, names: NameSources = {}, look?: NfsLook): Probe {
  const host = target.machineName.replaceAll(/[^A-Za-z0-9.-]/g, '_').slice(0, 64)
  const monitorName = `clp-fsmon.${host}.${randomBytes(8).toString('hex')}`
  const credential = authSys(target.machineName, randomBytes(4).readUInt32BE(0))
  const memory: Memory = {
    version: target.version === 'auto' || target.version === '3' ? target.version : '4',
    minors: minorsOf(target.version),
    address: undefined,
    closedInOrderAt: -Infinity,
  }
  return async (signal) => {
    const patience = new NfsPatience(signal)
    return runCheck(
      {
        firstStage: isIP(target.host) === 0 ? 'lookup' : firstStage(target, memory),
        walk: async (clock, seen) => {
          const address = await addressOf(target.host, memory, names, seen, signal)
          const { transport, privileged } = target
          seen['address'] = address
          seen['transport'] = transport
          const reach = { address, transport, privileged }
          // Which version it is may turn out while the way to the other is still being tried.
          const connections = new NfsConnections(reach, signal, memory.version === 'auto')
          const check = {
            target,
            address,
            credential,
            connections,
            patience,
            clock,
            seen,
            signal,
            look,
            monitorName,
          }
          try {
            await proveSome(check, memory)
          } finally {
            connections.close(mayLinger(memory, target.privileged))
          }
          memory.address = address
        },
        onTimeout: (stage) => judgeNfsTimeout(stage, patience.plea),
        judge: judgeNfs,
      },
      signal,
    )
  }
}

/** Checks in quick succession could fill all reserved ports with what lingers after a close in good order. */
function mayLinger(memory: Memory, privileged: boolean): boolean {
  if (!privileged) return true
  const now = performance.now()
  if (now - memory.closedInOrderAt < lingeringPauseMs) return false
  memory.closedInOrderAt = now
  return true
}

function minorsOf(version: NfsVersion): Minors {
  switch (version) {
    case '4.0':
      return [0]
    case '4.1':
      return [1]
    case '4.2':
      return [2]
    case 'auto':
    case '3':
    case '4':
      return [2, 1, 0]
  }
}

function firstStage(target: NfsTarget, memory: Memory): string {
  return memory.version !== '4' && needsPortmapper(target) ? 'portmap' : 'null'
}

async function proveSome(check: NfsCheck, memory: Memory): Promise<void> {
  enter(check, firstStage(check.target, memory))
  switch (memory.version) {
    case 'auto': {
      const found = await findVersion(check)
      if (found.version === '3') await proveNfs3(check, found.ports)
      else await prove4(check, memory)
      memory.version = found.version
      return
    }
    case '3': {
      const ports = await findNfs3Ports(check, check.signal)
      await reachNfs3(check, ports.nfs)
      await proveNfs3(check, ports)
      return
    }
    case '4':
      await prove4(check, memory)
  }
}

async function prove4(check: NfsCheck, memory: Memory): Promise<void> {
  enter(check, 'null')
  memory.minors = await proveNfs4(check, memory.minors)
}

async function addressOf(
  host: string,
  memory: Memory,
  names: NameSources,
  seen: Record<string, string | number | boolean>,
  signal: AbortSignal,
): Promise<string> {
  if (isIP(host) !== 0) return host
  const known = memory.address
  const limit =
    known === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(lookupPatienceMs)])
  try {
    const addresses = await resolveHost(host, limit, names)
    return known !== undefined && addresses.includes(known) ? known : addresses[0]
  } catch (error) {
    if (known !== undefined && !signal.aborted) {
      seen['lookup'] = `failed, address from an earlier check used: ${String(error)}`
      return known
    }
    const [found] = error instanceof LookupError ? error.partial : []
    if (found !== undefined) return found
    // A name service that says nothing until the deadline says nothing of the NFS server either.
    const isTimeout = signal.aborted && error instanceof Error && error.name === 'TimeoutError'
    throw isTimeout ? new LookupError(host, 'ETIMEOUT', error) : error
  }
}
