import { type Cover, coverage, type Watcher } from '../../../inventory/coverage.ts'
import { keyOf } from '../../../inventory/differences.ts'
import type { Item, Protocol } from '../../../inventory/item.ts'
import type { Asked } from './ask-server.ts'
import { serverName, type ServerPlace } from './server-places.ts'

/** One share, or one export by all protocols that it was found by, and who watches it. */
export type Row = {
  kind: 'smb' | 'nfs'
  name: string
  protocols: readonly Protocol[]
  properties: Readonly<Record<string, string>>
  isSpecial: boolean
  watchedBy: readonly Cover[]
}

/** Everything that was found at one server. */
export type ServerView = {
  server: string
  place: ServerPlace
  asked: ReadonlyMap<Protocol, Asked>
  rows: readonly Row[]
}

/** Puts together what was found and who watches it. */
export function serverView(
  place: ServerPlace,
  asked: ReadonlyMap<Protocol, Asked>,
  watchers: readonly Watcher[],
): ServerView {
  const found = merge(asked)
  const rows = (['smb', 'nfs'] as const).flatMap((kind) => {
    const mine = found.filter((each) => each.kind === kind)
    const port = kind === 'smb' ? (place.port ?? 445) : place.nfsPort
    const where = { addresses: place.addresses, ...(port !== undefined && { port }) }
    const covers = coverage(mine, where, watchers)
    return mine
      .map((row, at): Row => Object.assign(row, { watchedBy: covers[at] ?? [] }))
      .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  })
  return { server: serverName(place), place, asked, rows }
}

type Unwatched = Omit<Row, 'watchedBy'>

/** A directory that both versions of NFS show is one export. */
function merge(asked: ReadonlyMap<Protocol, Asked>): Unwatched[] {
  const rows = new Map<string, Unwatched>()
  for (const [protocol, each] of asked) {
    if (each.kind !== 'answer') continue
    const kind = protocol === 'smb' ? 'smb' : 'nfs'
    for (const item of each.answer.items) {
      const key = `${kind} ${keyOf(protocol, item)}`
      rows.set(key, together(kind, protocol, item, rows.get(key)))
    }
  }
  return [...rows.values()]
}

function together(
  kind: Row['kind'],
  protocol: Protocol,
  { name, properties, isSpecial }: Item,
  before?: Unwatched,
): Unwatched {
  const protocols = new Set([...(before?.protocols ?? []), protocol])
  return {
    kind,
    name,
    protocols: [...protocols],
    properties: { ...before?.properties, ...properties },
    isSpecial: isSpecial === true,
  }
}
