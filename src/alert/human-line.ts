import type { Entry } from './entry.ts'
import { visible } from './lines.ts'

/** An entry as a person reads it, in the columns of the alert view: time, server, module, ID, message. */
export function humanLine({ time, server, module, id, level, message }: Entry): string {
  const columns = [timeOf(time), server, module, id ?? '-', level.toUpperCase(), visible(message)]
  return `${columns.join(' ')}\n`
}

/** Local time, as the alert view shows it. */
function timeOf(time: Date): string {
  const date = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('/')
  return `${date} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
