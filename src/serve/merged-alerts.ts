import { decodePositions, encodePositions } from './position-map.ts'
import { Refusal } from './refusal.ts'
import type { Alert, AlertFilter, Source } from './source.ts'

/** An alert with the host whose log it is in. */
export type HostAlert = Alert & { host: string }

/** A page of the alerts of several hosts, the newest first. */
export type MergedPage = {
  alerts: HostAlert[]
  /** what to ask for the next page with; null where there is none */
  cursor: string | null
  /** hosts that did not tell */
  missing: string[]
}

/** What is asked for. */
export type MergedQuery = {
  sources: readonly Source[]
  filter: AlertFilter
  limit: number
  cursor: string | undefined
  signal: AbortSignal
}

/** Reads one page over all hosts; one that does not tell is named, and asked again with the next page. */
export async function mergedAlerts(query: MergedQuery): Promise<MergedPage> {
  const { sources, filter, limit, cursor, signal } = query
  const from = cursor === undefined ? {} : decodePositions(cursor)
  if (from === undefined) throw new Refusal(400, 'bad-request', 'cursor is not one of ours')
  const heads = await Promise.all(
    sources
      .filter(({ host }) => from[host] !== null)
      .map(async (source) => {
        const position = from[source.host] ?? undefined
        try {
          const page = await source.before({ filter, limit, position, signal })
          return { host: source.host, page, taken: 0, position }
        } catch {
          return { host: source.host, page: undefined, taken: 0, position }
        }
      }),
  )
  const alerts: HostAlert[] = []
  while (alerts.length < limit) {
    let newest: (typeof heads)[number] | undefined
    for (const head of heads) {
      const time = head.page?.alerts[head.taken]?.time
      const other = newest?.page?.alerts[newest.taken]?.time
      if (time !== undefined && (other === undefined || time > other)) newest = head
    }
    const alert = newest?.page?.alerts[newest.taken]
    if (newest === undefined || alert === undefined) break
    newest.taken += 1
    newest.position = alert.position
    alerts.push({ host: newest.host, ...alert })
  }
  const next: Record<string, string | null> = { ...from }
  for (const { host, page, taken, position } of heads) {
    const isOver = page !== undefined && taken === page.alerts.length && page.next === undefined
    if (isOver) next[host] = null
    else if (position !== undefined) {
      next[host] = taken === page?.alerts.length && page.next !== undefined ? page.next : position
    }
  }
  const hasMore = heads.some(({ host, page }) => page !== undefined && next[host] !== null)
  return {
    alerts,
    cursor: hasMore ? encodePositions(next) : null,
    missing: heads.filter(({ page }) => page === undefined).map(({ host }) => host),
  }
}
