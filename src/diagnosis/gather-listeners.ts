import { isIPv4 } from 'node:net'
import { join } from 'node:path'
import type { Listener, ServerProcess } from './facts.ts'
import { decodeStat } from './gather-processes.ts'
import { programOf } from './program-of.ts'
import { readLink, readNames, readText } from './read-text.ts'

/** A line of /proc/net/tcp or tcp6 in the state LISTEN. */
export type ListenLine = { address: string; port: number; waiting: number; inode: string }

const listening = '0A'

/** The sockets that listen, of a table of the kernel's. */
export function listenLines(table: string): ListenLine[] {
  return table.split('\n').flatMap((line): ListenLine[] => {
    const [, local = '', , state, queues = '', , , , , inode] = line.trim().split(/\s+/)
    if (state !== listening || inode === undefined) return []
    const [address = '', port = ''] = local.split(':')
    // Of a socket that listens, the second number counts the connections that nobody has accepted.
    const waiting = Number.parseInt(queues.split(':')[1] ?? '', 16)
    return [{ address: addressOf(address), port: Number.parseInt(port, 16), waiting, inode }]
  })
}

/** An address as these tables have it: words of four bytes, each in the order of the processor. */
function addressOf(hex: string): string {
  const bytes = Array.from({ length: hex.length / 2 }, (_, at) => {
    const turned = at - (at % 4) + (3 - (at % 4))
    return Number.parseInt(hex.slice(turned * 2, turned * 2 + 2), 16)
  })
  if (bytes.length === 4) return bytes.join('.')
  if (bytes.every((byte) => byte === 0)) return '::'
  if (bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255) {
    return bytes.slice(12).join('.')
  }
  const words = Array.from({ length: 8 }, (_, at) =>
    (((bytes[at * 2] ?? 0) << 8) | (bytes[at * 2 + 1] ?? 0)).toString(16),
  )
  // As the URL standard has it, which is how resolvers and interfaces write them, too.
  return new URL(`http://[${words.join(':')}]/`).hostname.slice(1, -1)
}

/** What listens on one of the ports in a way that the address reaches; undefined where nothing can be read. */
export function listenersOn(
  root: string,
  ports: readonly number[],
  address: string,
): ListenLine[] | undefined {
  const four = readText(join(root, '/proc/net/tcp'))
  const six = readText(join(root, '/proc/net/tcp6'))
  if (four === '' && six === '') return undefined
  const reaches = (its: string): boolean =>
    its === address || its === '::' || (its === '0.0.0.0' && isIPv4(address))
  return [...listenLines(four), ...listenLines(six)].filter(
    (line) => ports.includes(line.port) && reaches(line.address),
  )
}

/** How many connections may wait, by port, as `ss -Hltn` has it. */
export function mostWaiting(table: string): Map<number, number> {
  const found = new Map<number, number>()
  for (const line of table.split('\n')) {
    const [, most, port] = /^(?:LISTEN\s+)?\d+\s+(\d+)\s+\S+:(\d+)\s/.exec(line) ?? []
    if (most === undefined || port === undefined) continue
    found.set(Number(port), Math.max(Number(most), found.get(Number(port)) ?? 0))
  }
  return found
}

/** At most so many processes are looked through for who holds a port. */
const mostProcesses = 20_000

/** Who holds each of these sockets; the processes of file servers are asked first. */
export function ownersOf(
  root: string,
  inodes: readonly string[],
  servers: readonly ServerProcess[],
): Map<string, Listener['owners']> {
  const found = new Map<string, Listener['owners'][number][]>()
  const wanted = new Map(inodes.map((inode) => [`socket:[${inode}]`, inode]))
  const look = (pid: string): void => {
    const directory = join(root, '/proc', pid)
    for (const fd of readNames(join(directory, 'fd'))) {
      const inode = wanted.get(readLink(join(directory, 'fd', fd)) ?? '')
      if (inode === undefined) continue
      const name = decodeStat(readText(join(directory, 'stat')))?.name ?? ''
      const program = programOf(name)
      const owner = { pid: Number(pid), name, ...(program !== undefined && { program }) }
      found.set(inode, [...(found.get(inode) ?? []), owner])
      return
    }
  }
  for (const { pid } of servers) look(String(pid))
  if (inodes.every((inode) => found.has(inode))) return found
  const others = readNames(join(root, '/proc')).filter((pid) => /^\d+$/.test(pid))
  for (const pid of others.slice(0, mostProcesses)) {
    if (!servers.some((server) => String(server.pid) === pid)) look(pid)
    if (inodes.every((inode) => found.has(inode))) break
  }
  return found
}

/** Two looks at the same sockets, and what is known of them besides. */
export function listenersSeen(
  first: readonly ListenLine[],
  last: readonly ListenLine[],
  most: ReadonlyMap<number, number>,
  owners: ReadonlyMap<string, Listener['owners']>,
): Listener[] {
  return last.map(({ port, address, inode, waiting }) => {
    const before = first.find((line) => line.inode === inode)
    const limit = most.get(port)
    return {
      port,
      address,
      inode,
      waiting: [before?.waiting ?? 0, waiting],
      ...(limit !== undefined && { most: limit }),
      owners: owners.get(inode) ?? [],
    }
  })
}
