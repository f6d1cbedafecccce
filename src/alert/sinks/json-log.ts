import type { Entry, Sink } from '../entry.ts'
import { LogFile } from '../log-file.ts'

/** The log that programs read: a line of JSON for each entry, with all its detail. */
export function jsonLogSink(path: string): Sink & { close: () => Promise<void> } {
  const file = new LogFile(path)
  return {
    name: 'log',
    takes: () => true,
    mayHoldProcess: () => true,
    deliver: (entry) => file.append(lineOf(entry, new Date())),
    close: () => file.close(),
  }
}

/**
 * A logger of the ecosystem would add a megabyte of memory for this line, and a destination that
 * writes in the loop, where a disk that hangs stops the watch.
 */
function lineOf(entry: Entry, received: Date): string {
  const { time, server, module, monitor, id, kind, level, message, detail } = entry
  const when = { time: time.toISOString(), received: received.toISOString() }
  const line = { level, ...when, kind, server, module, monitor, id, detail, message }
  return `${JSON.stringify(line)}\n`
}
