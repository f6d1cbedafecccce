import type { Entry, Sink } from '../entry.ts'
import { LogFile } from '../log-file.ts'

/** Puts an entry into a line. */
type Format = (entry: Entry) => string

/** The log that programs read: a line of JSON for each entry, with all its detail. */
export function jsonLogSink(path: string): Sink & { close: () => Promise<void> } {
  const file = new LogFile(path)
  let format: Promise<Format> | undefined
  return {
    name: 'log',
    takes: () => true,
    mayHoldProcess: () => true,
    deliver: async (entry) => {
      format ??= loadFormat()
      const line = (await format)(entry)
      await file.append(line)
    },
    close: () => file.close(),
  }
}

/**
 * Only the shape of the lines is pino's. Its own destinations write in the loop, where a disk that
 * hangs would stop the watch, or keep what they could not write for as long as it takes.
 */
async function loadFormat(): Promise<Format> {
  const { default: pino } = await import('pino')
  let line = ''
  const logger = pino(
    {
      base: null,
      timestamp: false,
      messageKey: 'message',
      formatters: { level: (level) => ({ level }) },
    },
    {
      write: (text: string) => {
        line = text
      },
    },
  )
  return ({ time, server, module, id, kind, level, message, detail }) => {
    logger[level]({ time: time.toISOString(), kind, server, module, id, detail }, message)
    return line
  }
}
