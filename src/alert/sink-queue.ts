import type { Entry, Sink } from './entry.ts'

/** What went wrong with a sink, or that it works again. */
export type SinkTrouble = { sink: string; text: string }

/** Keeps the order of what one sink is given; a sink that fails or hangs keeps nobody else waiting. */
export class SinkQueue {
  readonly #sink: Sink
  readonly #onTrouble: (trouble: SinkTrouble) => void
  readonly #mostWaiting: number
  #waiting: Entry[] = []
  #dropped = 0
  #fails = false
  #working: Promise<void> | undefined

  /** When more than `mostWaiting` entries wait for the sink, the oldest go. */
  constructor(sink: Sink, onTrouble: (trouble: SinkTrouble) => void, mostWaiting = 500) {
    this.#sink = sink
    this.#mostWaiting = mostWaiting
    this.#onTrouble = onTrouble
  }

  /** Hands over an entry; never waits. */
  push(entry: Entry): void {
    if (!this.#sink.takes(entry)) return
    this.#waiting.push(entry)
    if (this.#waiting.length > this.#mostWaiting) {
      this.#waiting.shift()
      this.#dropped += 1
      if (this.#dropped === 1) this.#tell('too much is waiting; the oldest entries are dropped')
    }
    this.#working ??= this.#work()
  }

  /** Whether what is being delivered may keep this process from ending. */
  holdsProcess(): boolean {
    return this.#working !== undefined && this.#sink.mayHoldProcess?.() === true
  }

  /** The name of its sink. */
  get name(): string {
    return this.#sink.name
  }

  /** Resolves when everything that was handed over has been delivered, or given up. */
  async idle(): Promise<void> {
    while (this.#working !== undefined) await this.#working
  }

  /** The same, and whatever the sink has put off is out as well, or cannot be. */
  async flush(): Promise<void> {
    await this.idle()
    try {
      await this.#sink.flush?.()
    } catch (error) {
      this.#tell(String(error))
    }
  }

  /** Delivers what was handed over, then has the sink give up what it holds. */
  async close(): Promise<void> {
    await this.idle()
    try {
      await this.#sink.close?.()
    } catch (error) {
      this.#tell(String(error))
    }
  }

  async #work(): Promise<void> {
    for (let entry = this.#waiting.shift(); entry; entry = this.#waiting.shift()) {
      await this.#deliver(entry)
    }
    this.#working = undefined
  }

  async #deliver(entry: Entry): Promise<void> {
    try {
      await this.#sink.deliver(entry)
      if (this.#fails) this.#tell('works again')
      if (this.#dropped > 0) this.#tell(`entries dropped: ${this.#dropped}`)
      this.#fails = false
      this.#dropped = 0
    } catch (error) {
      if (!this.#fails) this.#tell(String(error))
      this.#fails = true
    }
  }

  #tell(text: string): void {
    try {
      this.#onTrouble({ sink: this.#sink.name, text })
    } catch {
      // Whoever wanted to know cannot be helped.
    }
  }
}
