import type { Entry, Sink } from '../entry.ts'
import { LogFile } from '../log-file.ts'

/** The log that programs read: a line of JSON for each entry, with all its detail. */
export function jsonLogSink(path: string): Sink & { close: () => Promise<void> } {
  const file = new LogFile(path)
  return {
    name: 'log',
    takes: () => true,
    mayHoldProcess: () => true,
    deliver: (entry) => file.append(lineOf(entry)),
    close: () => file.close(),
  }
}

/**
 * A logger of the ecosystem would add a megabyte of memory for this line, and a destination that
 * writes in the loop, where a disk that hangs stops the watch.
 */
function lineOf({ time, server, module, id, kind, level, message, detail }: Entry): string {
  const line = { level, time: time.toISOString(), kind, server, module, id, detail, message }
  return `${JSON.stringify(line)}\n`
}
