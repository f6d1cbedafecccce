import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Layout } from '../registry/layout.ts'
import { readAlerts, type AlertPage as SeenPage } from '../view/alert-history.ts'
import type { AlertFilter as SeenFilter } from '../view/alert-filter.ts'
import { WatchReader } from '../view/watches.ts'
import type { Alert, AlertFilter, Source } from './source.ts'

/** The watches and alerts of this host, out of the records and the log. */
export function ownSource(host: string, { run, log }: Pick<Layout, 'run' | 'log'>): Source {
  const reader = new WatchReader(run)
  const path = join(log, 'alert.log')
  let read: { position: string; mark: string } | undefined
  return {
    host,
    watches: async () => reader.read(),
    before: async ({ filter, limit, position, signal }) => {
      const page = await readAlerts(path, {
        limit,
        filter: seenFilter(filter),
        signal,
        ...(position !== undefined && { before: position }),
      })
      return { alerts: alertsOf(page).toReversed(), next: page.older }
    },
    after: async ({ limit, position, signal }) => {
      if (position === undefined) {
        return { alerts: [], next: (await readAlerts(path, { limit: 1, signal })).end }
      }
      // Asked many times a second: a log that is as it was when it was read to there is not opened.
      const mark = await markOf(path)
      if (read?.position === position && read.mark === mark) return { alerts: [], next: position }
      const page = await readAlerts(path, { limit, after: position, signal })
      if (page.isLost) {
        const { end } = await readAlerts(path, { limit: 1, signal })
        return { alerts: [], next: end, isLost: true }
      }
      // Only one who has read to its end: of a page that is full there is more.
      if (page.newer === undefined) read = { position: page.end, mark }
      return { alerts: alertsOf(page), next: page.end }
    },
  }
}

/** Tells a log that has grown or been rotated from one that has not. */
async function markOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs } = await lstat(path, { bigint: true })
    return `${ino} ${size} ${mtimeNs}`
  } catch {
    return 'none'
  }
}

function alertsOf({ alerts }: SeenPage): Alert[] {
  return alerts.map(
    ({ cursor, received, time, server, module, monitor, id, level, message, detail }) => ({
      position: cursor,
      received,
      time,
      server,
      module,
      watch: monitor ?? null,
      id: id ?? null,
      level,
      message,
      detail,
    }),
  )
}

function seenFilter({ level, event, text, watch }: AlertFilter): SeenFilter {
  return {
    ...(level !== undefined && { level }),
    ...(event !== undefined && { id: event }),
    ...(text !== undefined && { text }),
    ...(watch !== undefined && { monitor: watch }),
  }
}
