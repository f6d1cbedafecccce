import type { HostAlert } from './merged-alerts.ts'
import { encodePositions, type PositionMap } from './position-map.ts'
import type { Alert, Source } from './source.ts'

/** What a client has missed that comes back. */
export type MissedQuery = {
  sources: readonly Source[]
  /** where the client was */
  from: PositionMap
  /** where the alerts end that were told of by now; what comes after that, it hears with everybody else */
  upTo: PositionMap
  /** so many alerts are read of a host at a time */
  handful: number
  signal: AbortSignal
}

/** An alert that was missed, and where the client is once it has it. */
export type MissedAlert = { alert: HostAlert; resume: string }

type Trail = { source: Source; position: string; upTo: string; alerts: Alert[]; isOver: boolean }

/**
 * Reads what a client has missed, a handful at a time, so that a slow one costs no memory. Those of a host
 * come as they are in its log, those of several hosts by their times. The last word is whether that was all:
 * false where a log no longer has, or a host does not tell, what came after the place where the client was.
 */
export async function* missedAlerts(query: MissedQuery): AsyncGenerator<MissedAlert[], boolean> {
  const { sources, from, upTo, handful, signal } = query
  const trails: Trail[] = []
  const reached: Record<string, string> = {}
  for (const source of sources) {
    const [position, end] = [from[source.host], upTo[source.host]]
    if (typeof position === 'string') reached[source.host] = position
    if (position === end) continue
    if (typeof position !== 'string' || typeof end !== 'string') return false
    trails.push({ source, position, upTo: end, alerts: [], isOver: false })
  }
  for (;;) {
    const read = await Promise.all(
      trails
        .filter(({ alerts, isOver }) => alerts.length === 0 && !isOver)
        .map(async (trail) => goOn(trail, handful, signal)),
    )
    if (read.includes(false)) return false
    const batch: MissedAlert[] = []
    let next = oldestOf(trails)
    while (next !== undefined) {
      const { host } = next.source
      const alert = next.alerts.shift()
      if (alert === undefined) break
      reached[host] = alert.position
      batch.push({ alert: { host, ...alert }, resume: encodePositions(reached) })
      // What follows it may be older than what the others have.
      next = next.alerts.length === 0 && !next.isOver ? undefined : oldestOf(trails)
    }
    if (batch.length === 0 && trails.every(({ isOver }) => isOver)) return true
    yield batch
  }
}

/** Reads on in a host's log; false where that cannot be. */
async function goOn(trail: Trail, limit: number, signal: AbortSignal): Promise<boolean> {
  const { source, position, upTo } = trail
  try {
    const page = await source.after({ position, limit, signal })
    if (page.isLost) return false
    trail.position = page.next ?? position
    trail.isOver = page.alerts.length < limit
    trail.alerts = page.alerts
    if (page.alerts.length === 0) return true
    // Positions tell no order, so what was not told of yet is found by reading from where that begins.
    const untold = await source.after({ position: upTo, limit, signal })
    if (untold.isLost) return false
    const first = new Set(untold.alerts.map((each) => each.position))
    const at = page.alerts.findIndex((each) => first.has(each.position))
    if (at >= 0) {
      trail.alerts = page.alerts.slice(0, at)
      trail.isOver = true
    }
    return true
  } catch {
    return false
  }
}

/** Whose turn it is: the host whose next alert was given first. */
function oldestOf(trails: readonly Trail[]): Trail | undefined {
  let oldest: Trail | undefined
  for (const trail of trails) {
    const [time, other] = [trail.alerts[0]?.time, oldest?.alerts[0]?.time]
    if (time !== undefined && (other === undefined || time < other)) oldest = trail
  }
  return oldest
}
