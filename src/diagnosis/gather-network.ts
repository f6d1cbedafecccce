import { createSocket } from 'node:dgram'
import { getServers } from 'node:dns'
import { isIP, isIPv4 } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { isOwnAddress } from '../wire/is-own-address.ts'
import { LookupError } from '../wire/lookup-error.ts'
import { resolveHost } from '../wire/resolve.ts'
import type { Network } from './facts.ts'
import { plainAddress } from './plain-address.ts'
import { readText } from './read-text.ts'

/** A route of /proc/net/route; addresses as numbers. */
type Route = { device: string; network: number; gateway: number; mask: number }

/** The routes of the main table, the most particular first. */
export function routes(table: string): Route[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((line): Route[] => {
      const [device, network, gateway, flags, , , , mask] = line.split('\t')
      if (device === undefined || mask === undefined || network === undefined) return []
      // 1: up; without 0x200: it does not refuse.
      if ((Number.parseInt(flags ?? '', 16) & 0x201) !== 1) return []
      const route = {
        device,
        network: turned(network),
        gateway: turned(gateway ?? ''),
        mask: turned(mask),
      }
      return [route]
    })
    .toSorted((a, b) => b.mask - a.mask)
}

function turned(hex: string): number {
  const value = Number.parseInt(hex, 16)
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes.readUInt32BE()
}

function numberOf(address: string): number {
  return Buffer.from(address.split('.').map(Number)).readUInt32BE()
}

function addressOf(number: number): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(number)
  return bytes.join('.')
}

/** The next host on the way to an address, by the main table of routes. */
export function nextHop(
  address: string,
  table: string,
): { address: string; device: string } | undefined {
  const wanted = numberOf(address)
  const route = routes(table).find(({ network, mask }) => (wanted & mask) >>> 0 === network)
  if (route === undefined) return undefined
  return {
    device: route.device,
    address: route.gateway === 0 ? address : addressOf(route.gateway),
  }
}

/** Whether an address has a link address, by /proc/net/arp; undefined where it was not asked for. */
export function hasLinkAddress(address: string, table: string): boolean | undefined {
  const line = table.split('\n').find((each) => each.split(/\s+/)[0] === address)
  if (line === undefined) return undefined
  return (Number.parseInt(line.split(/\s+/)[2] ?? '', 16) & 2) !== 0
}

/** How long a neighbour may take to say what its link address is. */
const neighbourMs = 1500

/** How long a name may take: a name service that says nothing is found out about all the same. */
const lookupMs = 4000

/** How this host reaches an address. */
export async function reach(root: string, given: string, signal: AbortSignal): Promise<Network> {
  let address = given
  if (isIP(given) === 0) {
    try {
      const limit = AbortSignal.timeout(lookupMs)
      ;[address] = await resolveHost(given, AbortSignal.any([signal, limit]))
    } catch (error) {
      return { isHere: false, unresolved: whyUnresolved(given, error) }
    }
  }
  const plain = plainAddress(address)
  if (isOwnAddress(plain)) return { address: plain, isHere: true }
  const routeError = await refusalOf(address, false)
  if (routeError !== undefined) return { address, isHere: false, routeError }
  const near = nearInterface(address)
  const neighbour = isIPv4(address) ? await neighbourOn(root, address) : undefined
  return {
    address,
    isHere: false,
    ...(near !== undefined && { near }),
    ...(neighbour !== undefined && { neighbour }),
  }
}

/** Who was asked for a name, and what came of it. */
export function whyUnresolved(
  name: string,
  error: unknown,
  servers: readonly string[] = getServers(),
): string {
  const asked = servers.length === 0 ? 'no name server' : servers.join(', ')
  if (!(error instanceof LookupError)) {
    return `the name servers (${asked}) did not answer within ${lookupMs / 1000} s`
  }
  const isUnknown = error.code === 'ENOTFOUND' || error.code === 'ENODATA'
  return isUnknown
    ? `neither /etc/hosts nor the name servers (${asked}) know ${name}: is it spelt as it should be?`
    : `/etc/hosts does not have ${name}, and the name servers (${asked}) cannot be asked: ${error.code}`
}

function nearInterface(address: string): string | undefined {
  if (!isIPv4(address)) return undefined
  for (const [name, its] of Object.entries(networkInterfaces())) {
    for (const { family, netmask, address: own } of its ?? []) {
      if (family !== 'IPv4') continue
      const mask = numberOf(netmask)
      if ((numberOf(own) & mask) === (numberOf(address) & mask)) return name
    }
  }
  return undefined
}

async function neighbourOn(root: string, address: string): Promise<Network['neighbour']> {
  const hop = nextHop(address, readText(join(root, '/proc/net/route')))
  if (hop === undefined) return undefined
  const known = (): boolean | undefined =>
    hasLinkAddress(hop.address, readText(join(root, '/proc/net/arp')))
  const isTarget = hop.address === address
  if (known() !== true) {
    // One empty datagram makes the kernel ask; what it is sent to need not answer it.
    await refusalOf(address, true)
    const endAt = performance.now() + neighbourMs
    while (known() !== true && performance.now() < endAt) await pause(50)
  }
  const isAnswering = known()
  // Not every link has such addresses.
  return isAnswering === undefined ? undefined : { ...hop, isAnswering, isTarget }
}

async function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}

/** What is sent there is thrown away, if anything listens at all. */
const discardPort = 9

/** The error that the kernel has for a datagram to an address; connecting one sends nothing. */
async function refusalOf(address: string, isToBeSent: boolean): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv4(address) ? 'udp4' : 'udp6')
    const end = (error?: Error | null): void => {
      socket.removeAllListeners()
      socket.on('error', () => undefined)
      socket.close()
      resolve(error instanceof Error && 'code' in error ? String(error.code) : undefined)
    }
    socket.on('error', end)
    socket.on('connect', () => {
      if (isToBeSent) {
        socket.send('', () => {
          end()
        })
      } else end()
    })
    // Without a function to call back: that one would be handed the error in place of the event.
    socket.connect(discardPort, address)
  })
}
