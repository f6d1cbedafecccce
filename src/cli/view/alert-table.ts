import type { SeenAlert } from '../../view/seen-alert.ts'
import { localTime } from '../monitor/disp-text.ts'
import { displayWidth, harmless, inColumns } from './columns.ts'
import type { ViewTexts } from './view-texts.ts'

/** The cells of an alert, in the columns of the alert view. */
export function alertCells(alert: SeenAlert, words: ViewTexts): string[] {
  return [
    words.level[alert.level],
    localTime(alert.received),
    localTime(alert.time),
    alert.server,
    alert.module,
    alert.monitor ?? '-',
    String(alert.id ?? '-'),
    alert.message,
  ].map(harmless)
}

/** Lines of the alert view; columns grow with what comes, and never shrink, so that handfuls of alerts stand below each other. */
export class AlertTable {
  readonly #words: ViewTexts
  #widths: number[]

  constructor(words: ViewTexts) {
    this.#words = words
    this.#widths = words.alertHeading.map(displayWidth)
  }

  /** The heading, wide enough for these alerts. */
  heading(alerts: readonly SeenAlert[]): string {
    this.#grow(alerts.map((alert) => alertCells(alert, this.#words)))
    return this.#line(this.#words.alertHeading)
  }

  /** The lines of some alerts. */
  lines(alerts: readonly SeenAlert[]): string[] {
    const rows = alerts.map((alert) => alertCells(alert, this.#words))
    this.#grow(rows)
    return rows.map((row) => this.#line(row))
  }

  #grow(rows: readonly (readonly string[])[]): void {
    this.#widths = this.#widths.map((width, at) =>
      rows.reduce((most, row) => Math.max(most, displayWidth(row[at] ?? '')), width),
    )
  }

  #line(cells: readonly string[]): string {
    const last = cells.length - 1
    return cells
      .map((cell, at) => (at === last ? cell : inColumns(cell, this.#widths[at] ?? 0)))
      .join('  ')
      .trimEnd()
  }
}
