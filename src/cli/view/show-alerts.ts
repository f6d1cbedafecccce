import { visible } from '../../alert/lines.ts'
import { beginning, readAlerts, type AlertPage } from '../../view/alert-history.ts'
import type { AlertFilter } from '../../view/alert-filter.ts'
import { followAlerts } from '../../view/follow-alerts.ts'
import type { SeenAlert } from '../../view/seen-alert.ts'
import type { Io } from '../io.ts'
import { fill } from '../texts.ts'
import { AlertTable } from './alert-table.ts'
import { harmless } from './columns.ts'
import type { ViewTexts } from './view-texts.ts'

/** What `clp_fsmon alerts` is to show. */
export type AlertsJob = {
  /** the alert log */
  path: string
  filter: AlertFilter
  /** only so many; undefined: all */
  last: number | undefined
  json: boolean
  /** goes on with what arrives until this is aborted, or nobody reads any more */
  follow: AbortSignal | undefined
  words: ViewTexts
  io: Io
}

/** So many alerts are in memory at a time. */
const pageSize = 1000

/** Shows alerts in order; resolves with the exit status. */
export async function showAlerts(job: AlertsJob): Promise<number> {
  const { path, io, words } = job
  try {
    await show(job)
    return 0
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    // What has a code is the system's; anything else is a bug of ours.
    if (typeof code !== 'string') throw error
    const values = { file: path, reason: code }
    io.err(`clp_fsmon: ${fill(words.alerts.unreadable, values)}\n`)
    return 5
  }
}

async function show({ path, filter, last, json, follow, words, io }: AlertsJob): Promise<void> {
  const table = new AlertTable(words)
  let isFirst = true
  let skipped = 0
  const print = (alerts: readonly SeenAlert[]): void => {
    if (alerts.length === 0) return
    const heading = isFirst && !json ? [table.heading(alerts)] : []
    isFirst = false
    const lines = json ? alerts.map((alert) => visible(JSON.stringify(alert))) : table.lines(alerts)
    io.out(`${[...heading, ...lines].join('\n')}\n`)
  }
  let page: AlertPage
  if (last === undefined) {
    let after = beginning
    do {
      page = await readAlerts(path, { limit: pageSize, after, filter })
      print(page.alerts)
      skipped += page.skipped
      after = page.end
    } while (page.newer !== undefined && io.isRead?.() !== false)
  } else {
    page = await readAlerts(path, { limit: last, filter })
    print(page.alerts)
    ;({ skipped } = page)
  }
  if (skipped > 0) io.err(`clp_fsmon: ${fill(words.alerts.skipped, { count: skipped })}\n`)
  if (follow === undefined) {
    const none = fill(words.alerts.none, { file: harmless(path) })
    if (isFirst && !json) io.err(`clp_fsmon: ${none}\n`)
    return
  }
  if (io.isRead?.() === false) return
  for await (const alerts of followAlerts(path, { after: page.end, filter, signal: follow })) {
    print(alerts)
    if (io.isRead?.() === false) return
  }
}
