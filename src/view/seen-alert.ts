import type { LogLevel } from '../alert/announcement.ts'

/** One line of the alert log, as the alert view shows it. Its texts are as they were written: whoever shows them escapes them. */
export type SeenAlert = {
  /** the place just after it in the log; stays valid when the log is rotated */
  cursor: string
  /** alerts went to the operator, other lines only into the log */
  kind: 'alert' | 'log'
  /** when it came into the log, and when it was said (ISO 8601) */
  received: string
  time: string
  server: string
  module: string
  /** the identifier of the monitor; lines of older versions have none */
  monitor?: string
  /** the event's ID */
  id?: number
  level: LogLevel
  message: string
  detail: Readonly<Record<string, string | number | boolean>>
}

type Fields = Record<string, unknown>

const levels: ReadonlySet<unknown> = new Set(['info', 'warn', 'error'] satisfies LogLevel[])
const kinds: ReadonlySet<unknown> = new Set(['alert', 'log'] satisfies SeenAlert['kind'][])

/** Turns a line of the log into an alert without its place; undefined for what is none, whatever it is. */
export function decodeAlert(line: string): Omit<SeenAlert, 'cursor'> | undefined {
  const value = parse(line) ?? parse(line.slice(afterTorn(line)))
  if (!isObject(value) || !isLine(value)) return undefined
  const { kind, time, received, server, module, monitor, id, level, message } = value
  return {
    kind,
    received: isTime(received) ? received : time,
    time,
    server,
    module,
    ...(typeof monitor === 'string' && { monitor }),
    ...(Number.isSafeInteger(id) && { id: Number(id) }),
    level,
    message,
    detail: scalarsOf(value['detail']),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** One that was torn off, as when the disk was full, has the next one of another process behind it on its line. */
function afterTorn(line: string): number {
  // Within a line of ours this cannot be: quotes in its texts have a backslash before them.
  const at = line.lastIndexOf('{"level":"')
  return at < 0 ? line.length : at
}

type Line = Fields & Pick<SeenAlert, 'kind' | 'time' | 'server' | 'module' | 'level' | 'message'>

function isLine(value: Fields): value is Line {
  const { kind, time, server, module, level, message } = value
  return (
    kinds.has(kind) &&
    levels.has(level) &&
    isTime(time) &&
    [server, module, message].every((text) => typeof text === 'string')
  )
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 40 && !Number.isNaN(Date.parse(value))
}

function scalarsOf(detail: unknown): SeenAlert['detail'] {
  if (!isObject(detail)) return {}
  const scalars: Record<string, string | number | boolean> = Object.create(null)
  for (const [name, value] of Object.entries(detail)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      scalars[name] = value
    }
  }
  return scalars
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
