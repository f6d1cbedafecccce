import type { Announcement, LogLevel } from './announcement.ts'
import { compose, moduleOf, type Command } from './catalogue.ts'
import type { Entry, Sink } from './entry.ts'
import { SinkQueue, type SinkTrouble } from './sink-queue.ts'

/** What a dispatcher needs to know to put things into words and bring them to their places. */
export type DispatcherOptions = {
  command: Command
  /** the share or directory that the texts name */
  target: string
  server: string
  /** the identifier of the monitor that speaks */
  monitor?: string
  sinks: readonly Sink[]
  /** Told once for each trouble that a sink has, and once when it is over. */
  onTrouble: (trouble: SinkTrouble) => void
}

/** Gives everything that is said to every sink, each in its own time. */
export class Dispatcher {
  readonly #options: DispatcherOptions
  readonly #queues: SinkQueue[]

  constructor(options: DispatcherOptions) {
    this.#options = options
    this.#queues = options.sinks.map((sink) => new SinkQueue(sink, options.onTrouble))
  }

  /** Gives an alert; one that was said before goes into the logs alone, as a warning. */
  announce(announcement: Announcement): void {
    const { command, target } = this.#options
    const { id, level, message } = compose(command, target, announcement)
    const { detail = {}, reminder } = announcement
    this.#push(
      reminder
        ? { kind: 'log', id, level: 'warn', message, detail }
        : { kind: 'alert', id, level, message, detail },
    )
  }

  /** Writes a line into the logs. */
  log(level: LogLevel, message: string, detail: Entry['detail'] = {}): void {
    this.#push({ kind: 'log', level, message, detail })
  }

  /**
   * Waits until all sinks are done, but no longer than this; false when one is left that may keep the
   * process from ending. Whoever does not read a pipe or runs for too long does not.
   */
  async drain(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => {
        resolve(!this.#queues.some((queue) => queue.holdsProcess()))
      }, ms)
    })
    try {
      return await Promise.race([this.#idle(), timeout])
    } finally {
      clearTimeout(timer)
    }
  }

  async #idle(): Promise<boolean> {
    await Promise.all(this.#queues.map((queue) => queue.idle()))
    return true
  }

  #push(what: Omit<Entry, 'time' | 'server' | 'module' | 'monitor'>): void {
    const { server, command, monitor } = this.#options
    const entry = {
      ...what,
      time: new Date(),
      server,
      module: moduleOf(command),
      ...(monitor !== undefined && { monitor }),
    }
    for (const queue of this.#queues) queue.push(entry)
  }
}
