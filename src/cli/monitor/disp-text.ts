import type { Lateness } from '../../registry/lateness.ts'
import type { Ended, MonitorRecord } from '../../registry/record.ts'
import type { RepairStatus } from '../../registry/repair-status.ts'
import { fill, type Texts } from '../texts.ts'

/** A monitor's record, and whether its process still runs. */
export type Displayed = { kind: 'live' | 'ended' | 'dead'; record: MonitorRecord }

/** What `-disp` shows: the process ID first, as ever, and then what the monitor is doing. */
export function dispText({ kind, record }: Displayed, texts: Texts, now: Date): string {
  const words = texts.disp
  const { lastCheck, lateness, pausedSince, pauseEnd, nextCheck, ended } = record
  const { diagnosis, drill } = record
  const rows: [string, string][] = [
    [words.state, texts.state[kind === 'live' ? record.state : kind]],
    [words.since, localTime(record.since)],
    [words.target, record.target],
    [words.failures, `${record.failures} ${words.of} ${record.retries + 1}`],
    [words.worst, `${Math.round(record.worstCaseMs / 1000)} s`],
    [words.last, lastCheck === undefined ? words.none : lastCheckText(lastCheck)],
  ]
  for (const cause of diagnosis?.causes ?? []) rows.push([words.cause, causeLine(cause)])
  if (drill !== undefined && kind === 'live') rows.push([words.drill, drillText(drill, texts)])
  if (lateness !== undefined) rows.push([words.late, latenessText(lateness)])
  for (const { id, since, text } of record.warnings ?? []) {
    rows.push([words.warning, `${id} (${localTime(since)}) ${text}`])
  }
  if (record.repair !== undefined) rows.push([words.repair, repairText(record.repair, texts)])
  if (nextCheck !== undefined && kind === 'live') rows.push([words.next, localTime(nextCheck)])
  if (pausedSince !== undefined) rows.push([words.pausedFor, duration(pausedSince, now)])
  if (pauseEnd !== undefined && kind === 'live') {
    rows.push([words.pauseEnd, pauseEndText(pauseEnd, words)])
  }
  if (ended !== undefined) rows.push([words.ended, endText(ended, texts)])
  return `${record.process.pid}\n${rows.map(([name, value]) => `${name}: ${value}\n`).join('')}`
}

/** When a pause ends by itself. */
export function pauseEndText(
  { until, extensionsLeft }: NonNullable<MonitorRecord['pauseEnd']>,
  words: Texts['disp'],
): string {
  return `${localTime(until)} (${words.extensionsLeft} ${extensionsLeft})`
}

/** The last check in one line: when, how it went, how long each stage took. */
export function lastCheckText(lastCheck: NonNullable<MonitorRecord['lastCheck']>): string {
  const { at, verdict, ms, stages, reason } = lastCheck
  const parts = stages.map((stage) => `${stage.name} ${stage.ms}`).join(', ')
  const head = `${localTime(at)} ${verdict} (${ms} ms: ${parts})`
  return reason === undefined ? head : `${head} ${reason}`
}

/** A probable cause in one line. */
export function causeLine({ key, text }: { key: string; text: string }): string {
  return `${text} (${key})`
}

/** What is done to mend the server, or was done last, and how often it helped. */
export function repairText(
  { now, last, mended, notMended }: RepairStatus,
  { disp }: Pick<Texts, 'disp'>,
): string {
  const counts = fill(disp.repairCounts, { mended, notMended })
  if (now !== undefined) return `${counts}; ${now.step} (${now.cause}) ${localTime(now.begunAt)}`
  return last === undefined ? counts : `${counts}; ${localTime(last.at)} ${last.text}`
}

/** A drill under way, and how long it may last. */
export function drillText(
  { kind, until }: NonNullable<MonitorRecord['drill']>,
  texts: Texts,
): string {
  return fill(texts.drill.shown, { kind, until: localTime(until) })
}

/** How and when a monitor ended, and in which drill. */
export function endText({ at, how, exitStatus, drill }: Ended, texts: Texts): string {
  const of = drill === undefined ? '' : ` ${fill(texts.drill.ended, { kind: drill })}`
  return `${localTime(at)} (${how}, ${exitStatus})${of}`
}

/** How much later than planned the checks of a process begin. */
export function latenessText({ p50Ms, p99Ms, mostMs }: Lateness): string {
  return `p50 ${p50Ms} ms, p99 ${p99Ms} ms, max ${mostMs} ms`
}

/** A time of day as the operator's own clock shows it. */
export function localTime(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return iso
  const day = `${date.getFullYear()}/${two(date.getMonth() + 1)}/${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

/** The time since a moment, in its two largest units. */
export function duration(sinceIso: string, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - new Date(sinceIso).getTime()) / 1000))
  const units: readonly (readonly [string, number])[] = [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ]
  let left = seconds
  const parts: string[] = []
  for (const [unit, length] of units) {
    const count = Math.floor(left / length)
    left -= count * length
    if (count > 0) parts.push(`${count} ${unit}`)
  }
  return parts.length === 0 ? '0 s' : parts.slice(0, 2).join(' ')
}
