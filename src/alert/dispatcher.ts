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
  /** so many entries wait for a sink at most */
  mostWaiting?: number
  /** Told once for each trouble that a sink has, and once when it is over. */
  onTrouble: (trouble: SinkTrouble) => void
}

/** What stands before every text that is of a drill. */
export const drillMark = 'DRILL:'

/** How long it may take to give up what is held; whoever comes later finds out without. */
const closeMs = 300

/** Sinks beside those that there always are, and which entries those shall get. */
export type ConfiguredSinks = {
  more: readonly Sink[]
  admits: (sink: string, entry: Entry) => boolean
}

/** Gives everything that is said to every sink, each in its own time. */
export class Dispatcher {
  readonly #options: DispatcherOptions
  readonly #queues: SinkQueue[]
  #more: SinkQueue[] = []
  #admits: ConfiguredSinks['admits'] = () => true
  /** queues of sinks that are no more, until all that they were given is delivered */
  readonly #retired = new Set<SinkQueue>()

  constructor(options: DispatcherOptions) {
    this.#options = options
    this.#queues = this.#queuesOf(options.sinks)
  }

  /** Exchanges the sinks that the configuration adds; what the former ones were given they still deliver. */
  configure({ more, admits }: ConfiguredSinks): void {
    for (const queue of this.#more) {
      this.#retired.add(queue)
      void queue.close().then(() => this.#retired.delete(queue))
    }
    this.#more = this.#queuesOf(more)
    this.#admits = admits
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

  /** Hands on what another dispatcher of this process has put into words. */
  pass(entry: Entry): void {
    for (const queue of this.#queues) if (this.#admits(queue.name, entry)) queue.push(entry)
    for (const queue of this.#more) queue.push(entry)
  }

  /**
   * Waits until all sinks are done, but no longer than this; false when one is left that may keep the
   * process from ending. Whoever does not read a pipe or runs for too long does not.
   */
  async drain(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => {
        resolve(!this.#all().some((queue) => queue.holdsProcess()))
      }, ms)
    })
    try {
      return await Promise.race([this.#idle(), timeout])
    } finally {
      clearTimeout(timer)
    }
  }

  /** The same, and nothing is given any more; sinks give up what they hold, as the right to send. */
  async end(ms: number): Promise<boolean> {
    const isDone = await this.drain(ms)
    // One that hangs has had its time; what it holds goes with the process.
    const queues = isDone ? this.#all() : [...this.#more, ...this.#retired]
    const closed = Promise.all(queues.map((queue) => queue.close()))
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, closeMs)
    })
    await Promise.race([closed, late])
    clearTimeout(timer)
    return isDone
  }

  async #idle(): Promise<boolean> {
    await Promise.all(this.#all().map((queue) => queue.flush()))
    return true
  }

  #all(): SinkQueue[] {
    return [...this.#queues, ...this.#more, ...this.#retired]
  }

  #queuesOf(sinks: readonly Sink[]): SinkQueue[] {
    const { onTrouble, mostWaiting } = this.#options
    return sinks.map((sink) => new SinkQueue(sink, onTrouble, mostWaiting))
  }

  #push(what: Omit<Entry, 'time' | 'server' | 'module' | 'monitor' | 'target'>): void {
    const { server, command, monitor, target } = this.#options
    const { message, detail } = what
    this.pass({
      ...what,
      // Whoever reads no more than the text must not take a drill for the real thing.
      message: detail['drill'] === undefined ? message : `${drillMark} ${message}`,
      time: new Date(),
      server,
      module: moduleOf(command),
      ...(monitor !== undefined && { monitor }),
      ...(target !== '' && { target }),
    })
  }
}
