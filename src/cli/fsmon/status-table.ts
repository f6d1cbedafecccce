import type { Entry } from '../../registry/registry.ts'
import {
  causeLine,
  drillText,
  lastCheckText,
  latenessText,
  localTime,
  pauseEndText,
  repairText,
} from '../monitor/disp-text.ts'
import { fill, type Texts } from '../texts.ts'
import { displayWidth, harmless } from '../view/columns.ts'

/** All monitors in a table that a person reads, in the order of their IDs. */
export function statusTable(entries: ReadonlyMap<string, Entry>, texts: Texts): string {
  const rows: string[][] = []
  const notes: string[] = []
  for (const [file, entry] of entries) {
    if (entry.kind === 'none') continue
    if (entry.kind === 'unreadable') {
      notes.push(fill(texts.status.damaged, { file, reason: entry.reason }))
      continue
    }
    const { record } = entry
    rows.push([
      record.id,
      record.command,
      record.target,
      texts.state[entry.kind === 'live' ? record.state : entry.kind],
      localTime(entry.kind === 'ended' ? (record.ended?.at ?? record.since) : record.since),
      `${record.failures}/${record.retries + 1}`,
      [
        ...(record.drill === undefined || entry.kind !== 'live'
          ? []
          : [drillText(record.drill, texts)]),
        ...(record.ended?.drill === undefined
          ? []
          : [fill(texts.drill.ended, { kind: record.ended.drill })]),
        record.lastCheck === undefined ? texts.disp.none : lastCheckText(record.lastCheck),
        ...(record.diagnosis?.causes ?? [])
          .slice(0, 1)
          .map((cause) => `${texts.disp.cause}: ${causeLine(cause)}`),
        ...(record.lateness === undefined
          ? []
          : [`${texts.disp.late} ${latenessText(record.lateness)}`]),
        ...(record.pauseEnd === undefined || entry.kind !== 'live'
          ? []
          : [`${texts.disp.pauseEnd} ${pauseEndText(record.pauseEnd, texts.disp)}`]),
        ...(entry.kind === 'live' ? (record.warnings ?? []) : []).map(
          ({ id, text }) => `${texts.disp.warning} ${id} ${text}`,
        ),
        ...(record.repair?.now === undefined && record.repair?.last === undefined
          ? []
          : [`${texts.disp.repair} ${repairText(record.repair, texts)}`]),
      ].join('; '),
      String(record.process.pid),
    ])
  }
  const table =
    rows.length === 0
      ? []
      : align([texts.status.heading, ...rows.toSorted(byId).map((row) => row.map(harmless))])
  return [...table, ...notes].map((line) => `${line}\n`).join('')
}

function byId([a = '']: string[], [b = '']: string[]): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Rows of a table, each column as wide as it has to be. */
export function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - displayWidth(cell)))
      .join('  ')
      .trimEnd(),
  )
}
