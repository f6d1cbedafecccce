import type { Protocol } from './item.ts'

/** One watch of this host, as far as it tells what is watched. */
export type Watcher = {
  id: string
  /** by what it asks: one of shares, or the versions of NFS that it may speak */
  protocols: readonly Protocol[]
  /** the addresses of the server that it watches */
  addresses: readonly string[]
  /** the port of SMB, or of NFS where one was given */
  port?: number
  /** the share or directory */
  name: string
  depth: string
  state: string
}

/** A watch that watches an item, and the directory below it where it is not the item itself. */
export type Cover = { id: string; depth: string; state: string; directory?: string }

/** What was found at a server: by which protocols it is known, and by which name. */
export type Found = { protocols: readonly Protocol[]; name: string }

/** Where a server is, as it was asked. */
export type Place = { addresses: readonly string[]; port?: number }

/** Who watches each of the items of a server, in their order. */
export function coverage(
  items: readonly Found[],
  place: Place,
  watchers: readonly Watcher[],
): Cover[][] {
  const here = watchers.filter((watcher) => isAt(watcher, place))
  const covers = items.map((): Cover[] => [])
  for (const { id, depth, state, name, protocols } of here) {
    // A watch of a directory within an export proves the export: the innermost one that it is in.
    const lengths = items.map((item) =>
      item.protocols.some((protocol) => protocols.includes(protocol)) ? match(item, name) : -1,
    )
    const longest = Math.max(-1, ...lengths)
    if (longest < 0) continue
    for (const [at, length] of lengths.entries()) {
      if (length !== longest) continue
      const isWithin = items[at]?.protocols[0] !== 'smb' && plain(name).length > longest
      covers[at]?.push({ id, depth, state, ...(isWithin && { directory: name }) })
    }
  }
  return covers
}

function isAt({ addresses, port }: Watcher, place: Place): boolean {
  const samePort = port === undefined || place.port === undefined || port === place.port
  return samePort && addresses.some((address) => place.addresses.includes(address))
}

/** How much of a name an item stands for; -1 for nothing. */
function match({ protocols, name }: Found, wanted: string): number {
  if (protocols[0] === 'smb') {
    return name.toLowerCase() === wanted.toLowerCase() ? name.length : -1
  }
  const [directory, inside] = [plain(name), plain(wanted)]
  const holds = inside === directory || inside.startsWith(directory === '/' ? '/' : `${directory}/`)
  return holds ? directory.length : -1
}

/** A path without what means nothing in it. */
function plain(path: string): string {
  return `/${path
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .join('/')}`
}
