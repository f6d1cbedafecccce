import type { Entry } from './entry.ts'

/** The version of the form in which alerts are handed to others. */
export const alertJsonVersion = 1

/** An alert as others get it, one object of JSON; `key` is the same however often it is sent. */
export function alertJson(entry: Entry, key: string): string {
  const { time, server, module, monitor, target, id = 0, level, message, detail } = entry
  return JSON.stringify({
    version: alertJsonVersion,
    key,
    time: time.toISOString(),
    server,
    module,
    ...(monitor !== undefined && { watch: monitor }),
    ...(target !== undefined && { target }),
    id,
    level,
    message,
    detail,
  })
}
