import type { Entry } from './entry.ts'

/** The version of the form in which alerts are handed to others. */
export const alertJsonVersion = 1

/** Whose alerts they are. */
export type AlertSource = {
  /** the monitor's ID; a command that is refused has none */
  watch?: string
  /** the share or directory */
  target?: string
}

/** An alert as others get it, one object of JSON; `key` is the same however often it is sent. */
export function alertJson(entry: Entry, source: AlertSource, key: string): string {
  const { time, server, module, id = 0, level, message, detail } = entry
  return JSON.stringify({
    version: alertJsonVersion,
    key,
    time: time.toISOString(),
    server,
    module,
    ...source,
    id,
    level,
    message,
    detail,
  })
}
