import { boundedGet } from './bounded-get.ts'
import { decodePeerAlerts, decodePeerWatch, decodePeerWatches } from './peer-decode.ts'
import type { Source } from './source.ts'

/** Another host's server, and what opens it. */
export type Peer = {
  /** how the host is called here */
  host: string
  url: URL
  token?: string | undefined
  ca?: string | undefined
}

const limitMs = 3000
const mostBytes = 8 * 1024 * 1024

/** Reads another host's server; only what is that host's own is asked for, so nothing goes in circles. */
export function peerSource({ host, url, token, ca }: Peer): Source {
  const get = async (
    path: string,
    query: Readonly<Record<string, string | undefined>>,
    signal: AbortSignal,
  ): Promise<unknown> => {
    const wanted = new URL(url)
    wanted.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`
    for (const [name, value] of Object.entries({ scope: 'own', ...query })) {
      if (value !== undefined) wanted.searchParams.set(name, value)
    }
    return boundedGet({ url: wanted, token, ca, mostBytes, limitMs, signal })
  }
  return {
    host,
    watches: async (signal) => decodePeerWatches(await get('/api/v1/watches', {}, signal)),
    watch: async (id, signal) => decodePeerWatch(await get(`/api/v1/watches/${id}`, {}, signal)),
    before: async ({ filter, limit, position, signal }) => {
      const query = {
        level: filter.level,
        event: filter.event === undefined ? undefined : String(filter.event),
        text: filter.text,
        watch: filter.watch,
        limit: String(limit),
        before: position,
      }
      return decodePeerAlerts(await get('/api/v1/alerts', query, signal))
    },
    after: async ({ limit, position, signal }) => {
      const query = { limit: String(limit), after: position ?? '' }
      return decodePeerAlerts(await get('/api/v1/alerts', query, signal))
    },
  }
}
