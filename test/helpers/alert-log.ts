import {
  appendFileSync,
  existsSync,
  renameSync,
  rmSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { gzipSync } from 'node:zlib'

/** A line of the alert log; which one, its message tells. */
export function alertLine(number: number, more: Record<string, unknown> = {}): string {
  const time = new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString()
  return `${JSON.stringify({
    level: 'error',
    time,
    received: time,
    kind: 'alert',
    server: 'server1',
    module: 'sambamon',
    monitor: 'watch1',
    id: 6,
    detail: { stage: 'tree' },
    message: `alert ${number}`,
    ...more,
  })}\n`
}

/** Lines for these numbers, the last one not included. */
export function alertLines(from: number, to: number): string {
  let lines = ''
  for (let number = from; number < to; number += 1) lines += alertLine(number)
  return lines
}

/** An alert log that is written and rotated as our logrotate file has it. */
export class AlertLog {
  readonly path: string

  constructor(directory: string) {
    this.path = `${directory}/alert.log`
  }

  add(...lines: string[]): void {
    appendFileSync(this.path, lines.join(''))
  }

  /** `rotate 12`, `compress`, `delaycompress`, `nocreate`. */
  rotate(): void {
    const { path } = this
    rmSync(`${path}.12.gz`, { force: true })
    for (let number = 11; number >= 2; number -= 1) {
      if (existsSync(`${path}.${number}.gz`)) {
        renameSync(`${path}.${number}.gz`, `${path}.${number + 1}.gz`)
      }
    }
    if (existsSync(`${path}.1`)) {
      writeFileSync(`${path}.2.gz`, gzipSync(readFileSync(`${path}.1`)))
      rmSync(`${path}.1`)
    }
    if (existsSync(path)) renameSync(path, `${path}.1`)
  }
}

/** The numbers that the messages tell. */
export function numbersOf(alerts: readonly { message: string }[]): number[] {
  return alerts.map(({ message }) => Number(message.split(' ')[1]))
}
