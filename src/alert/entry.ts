import type { LogLevel } from './announcement.ts'

/** One thing that was said, as every sink gets it. */
export type Entry = {
  /** alerts go to the cluster's operator, other lines only into logs */
  kind: 'alert' | 'log'
  time: Date
  server: string
  /** sambamon or nfsmon */
  module: string
  /** the identifier of the monitor that says it, once it has one */
  monitor?: string
  /** the event's ID; only log lines can be without one */
  id?: number
  level: LogLevel
  message: string
  detail: Readonly<Record<string, string | number | boolean>>
}

/** A place where entries go to. */
export type Sink = {
  name: string
  takes: (entry: Entry) => boolean
  /** Resolves when the entry is delivered, rejects when it cannot be; called again only after that. */
  deliver: (entry: Entry) => Promise<void>
  /**
   * True where a delivery under way may wait within the kernel, as for a disk that hangs; then the
   * process cannot end by itself before it is over.
   */
  mayHoldProcess?: () => boolean
}
