import type { HubEvent } from './hub.ts'

/** The end of a connection that events are written to. */
export type EventOutlet = {
  write: (text: string | Buffer) => unknown
  /** bytes that were written and not taken yet, and whether it is better to wait before there are more */
  readonly writableLength: number
  readonly writableNeedDrain: boolean
  on: (event: 'drain' | 'close', listener: () => void) => unknown
  off: (event: 'drain' | 'close', listener: () => void) => unknown
  end: () => unknown
  destroy: () => unknown
}

/** An event and what is written of it. */
export type WrittenEvent = { event: HubEvent; text: string }

/** Writes events to one client; one that does not take them is let go, and will come back by itself. */
export class EventClient {
  readonly #outlet: EventOutlet
  readonly #mostUnread: number
  /** what happens while the client still catches up; of a watch or a host only how it is now */
  #waiting: Map<string, WrittenEvent> | undefined = new Map()
  #waitingBytes = 0
  #isOpen = true

  constructor(outlet: EventOutlet, mostUnread: number) {
    this.#outlet = outlet
    this.#mostUnread = mostUnread
  }

  /** Whether the client is still there. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Writes at once, whatever else waits; one that has taken all that was written before is never let go for it. */
  write(text: string | Buffer): void {
    if (!this.#isOpen) return
    const unread = this.#outlet.writableLength
    if (unread > 0 && unread + Buffer.byteLength(text) > this.#mostUnread) {
      this.drop()
      return
    }
    this.#outlet.write(text)
  }

  /** Sends several events that were put into one piece for all clients; for one that is not live yet they wait. */
  send(batch: readonly WrittenEvent[], whole: Buffer): void {
    if (this.#waiting === undefined) this.write(whole)
    else for (const each of batch) this.#wait(each)
  }

  /** Sends what the client has missed, as it takes it; resolves when there may be more. */
  async sendMissed(texts: Iterable<string>): Promise<void> {
    for (const text of texts) {
      this.write(text)
      await this.#room()
    }
  }

  /** The client has all it missed: what waits goes out as the client takes it, and from then on everything at once. */
  async goLive(): Promise<void> {
    while (this.#waiting !== undefined) {
      const [first] = this.#waiting
      if (first === undefined) {
        this.#waiting = undefined
        return
      }
      const [key, { event, text }] = first
      this.#waiting.delete(key)
      if (event.kind === 'alert') this.#waitingBytes -= text.length
      this.write(text)
      await this.#room()
    }
  }

  /** Lets the client go. */
  drop(): void {
    this.#isOpen = false
    this.#waiting = undefined
    this.#outlet.destroy()
  }

  /** Takes leave in good order. */
  end(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#waiting = undefined
    this.#outlet.end()
  }

  #wait(written: WrittenEvent): void {
    const key = keyOf(written.event)
    // It takes its place anew, for revisions only grow.
    this.#waiting?.delete(key)
    this.#waiting?.set(key, written)
    if (written.event.kind !== 'alert') return
    this.#waitingBytes += written.text.length
    if (this.#waitingBytes > this.#mostUnread) this.drop()
  }

  async #room(): Promise<void> {
    const outlet = this.#outlet
    while (this.#isOpen && outlet.writableNeedDrain) {
      await new Promise<void>((resolve) => {
        const go = (): void => {
          outlet.off('drain', go)
          outlet.off('close', go)
          resolve()
        }
        outlet.on('drain', go)
        outlet.on('close', go)
      })
    }
  }
}

/** What an event is about. */
function keyOf(event: HubEvent): string {
  switch (event.kind) {
    case 'host':
      return `host ${event.host.host}`
    case 'watch':
      return `watch ${event.host} ${event.watch.id}`
    case 'gone':
      return `watch ${event.host} ${event.id}`
    case 'alert':
      return `alert ${event.alert.host} ${event.alert.position}`
    case 'reset':
      return `reset ${event.host}`
  }
}
