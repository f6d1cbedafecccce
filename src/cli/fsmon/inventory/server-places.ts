import { networkInterfaces } from 'node:os'
import type { Watcher } from '../../../inventory/coverage.ts'
import type { MonitorRecord } from '../../../registry/record.ts'
import type { Entry } from '../../../registry/registry.ts'
import { systemClock } from '../../../watch/clock.ts'
import { Deadline } from '../../../watch/deadline.ts'
import { resolveHost } from '../../../wire/resolve.ts'
import type { InventorySettings } from './inventory-settings.ts'

/** A server to ask: its address, with the ports that are not the usual ones. */
export type ServerPlace = {
  address: string
  /** what stands for the server, whatever it is called */
  addresses: readonly string[]
  port?: number
  nfsPort?: number
  mountPort?: number
}

/** Finds the addresses of a host, or what stands for it where they cannot be found. */
export type FindAddresses = (host: string) => Promise<readonly string[]>

/** Stands for all addresses of this host. */
const thisHost = 'this host'

/** How long the name of one server may take. */
const lookupMs = 5000

/** Looks addresses up, each name once; those of this host are all one. */
export function addressFinder(
  resolve: typeof resolveHost = resolveHost,
  interfaces = networkInterfaces,
): FindAddresses {
  const found = new Map<string, Promise<readonly string[]>>()
  const find: FindAddresses = async (host) => {
    const deadline = new Deadline(systemClock, lookupMs)
    try {
      const all = await resolve(host, deadline.signal)
      const own = new Set(
        Object.values(interfaces()).flatMap((each) => (each ?? []).map(({ address }) => address)),
      )
      const isOwn = all.some((each) => own.has(each) || /^(?:127\.|::1$)/.test(each))
      return isOwn ? [...all, thisHost] : all
    } catch {
      return [host.toLowerCase()]
    } finally {
      deadline.clear()
    }
  }
  return (host) => {
    const known = found.get(host) ?? find(host)
    found.set(host, known)
    return known
  }
}

/** What the watches of this host watch, by their records; those that have ended, or are gone, watch nothing. */
export async function watchersOf(
  entries: Iterable<Entry>,
  find: FindAddresses,
): Promise<Watcher[]> {
  const live = [...entries].flatMap((entry) => (entry.kind === 'live' ? [entry.record] : []))
  const watchers = await Promise.all(live.map(async (record) => watcherOf(record, find)))
  return watchers.flatMap((watcher) => watcher ?? [])
}

async function watcherOf(
  { id, command, state, options }: MonitorRecord,
  find: FindAddresses,
): Promise<Watcher | undefined> {
  const isSamba = command === 'clp_sambamon'
  const name = options[isSamba ? 'share' : 'directory']
  const { address } = options
  if (typeof name !== 'string' || typeof address !== 'string') return undefined
  const port = numberOf(options[isSamba ? 'port' : 'nfsPort'])
  return {
    id,
    protocols: isSamba ? ['smb'] : protocolsOf(options['nfsVersion']),
    addresses: await find(address),
    ...(port !== undefined && { port }),
    name,
    depth: String(options['depth'] ?? ''),
    state,
  }
}

function protocolsOf(version: unknown): Watcher['protocols'] {
  if (version === '3') return ['nfs3']
  return String(version).startsWith('4') ? ['nfs4'] : ['nfs3', 'nfs4']
}

/** The server that was named, or every one that a watch of this host points at, even one that is gone. */
export async function serverPlaces(
  settings: Pick<InventorySettings, 'address' | 'port' | 'nfsPort' | 'mountPort'>,
  entries: Iterable<Entry>,
  find: FindAddresses,
): Promise<ServerPlace[]> {
  const { address, port, nfsPort, mountPort } = settings
  const given = {
    ...(port !== undefined && { port }),
    ...(nfsPort !== undefined && { nfsPort }),
    ...(mountPort !== undefined && { mountPort }),
  }
  if (address !== undefined) return [{ address, addresses: await find(address), ...given }]
  const places: ServerPlace[] = []
  for (const entry of entries) {
    if (entry.kind !== 'live' && entry.kind !== 'dead') continue
    const { command, options } = entry.record
    // The watch of an inventory points at nothing else.
    if (command === 'clp_fsmon' || typeof options['address'] !== 'string') continue
    const addresses = await find(options['address'])
    const ports = { ...portsOf(entry.record), ...given }
    const same = places.find(
      (place) => place.addresses.some((each) => addresses.includes(each)) && agree(place, ports),
    )
    if (same === undefined) places.push({ address: options['address'], addresses, ...ports })
    else Object.assign(same, ports)
  }
  return places
}

type Ports = Pick<ServerPlace, 'port' | 'nfsPort' | 'mountPort'>

/** The ports of a watch that have to be known to ask the same server; 445 is the one that is asked anyway. */
function portsOf({ command, options }: MonitorRecord): Ports {
  const [port, nfsPort, mountPort] = ['port', 'nfsPort', 'mountPort'].map((name) =>
    numberOf(options[name]),
  )
  if (command === 'clp_sambamon') return port === undefined ? {} : { port }
  return {
    ...(nfsPort !== undefined && { nfsPort }),
    ...(mountPort !== undefined && { mountPort }),
  }
}

function agree(place: Ports, ports: Ports): boolean {
  return (['port', 'nfsPort', 'mountPort'] as const).every(
    (name) => place[name] === undefined || ports[name] === undefined || place[name] === ports[name],
  )
}

/** How a server is called where it is told from others: its address, and ports that are not the usual ones. */
export function serverName({ address, port = 445, nfsPort }: ServerPlace): string {
  const host = address.includes(':') ? `[${address}]` : address
  const ports = [
    ...(port === 445 ? [] : [`smb ${port}`]),
    ...(nfsPort === undefined || nfsPort === 2049 ? [] : [`nfs ${nfsPort}`]),
  ]
  return ports.length === 0 ? address.toLowerCase() : `${host.toLowerCase()} (${ports.join(', ')})`
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
