import type { HubEvent } from './hub.ts'

/** The end of a connection that events are written to. */
export type EventOutlet = {
  write: (text: string | Buffer) => unknown
  /** bytes that were written and not taken yet */
  readonly writableLength: number
  end: () => unknown
  destroy: () => unknown
}

/** Writes events to one client; one that does not take them is let go, and will come back by itself. */
export class EventClient {
  readonly #outlet: EventOutlet
  readonly #mostUnread: number
  readonly #sent = new Set<string>()
  #waiting: { event: HubEvent; text: string }[] | undefined = []
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

  /** Writes at once, whatever else waits. */
  write(text: string | Buffer): void {
    if (!this.#isOpen) return
    if (this.#outlet.writableLength + text.length > this.#mostUnread) {
      this.drop()
      return
    }
    this.#outlet.write(text)
  }

  /** Sends an event; until the client has caught up it waits behind what was missed. */
  send(event: HubEvent, text: string): void {
    if (this.#waiting === undefined) {
      if (!this.#wasSent(event)) this.write(text)
      return
    }
    this.#waiting.push({ event, text })
    this.#waitingBytes += text.length
    if (this.#waitingBytes > this.#mostUnread) this.drop()
  }

  /** Sends several events that were put into one piece for all clients; one that is not live yet gets each for itself. */
  sendAll(batch: readonly { event: HubEvent; text: string }[], whole: Buffer): void {
    if (this.#waiting === undefined && this.#sent.size === 0) this.write(whole)
    else for (const { event, text } of batch) this.send(event, text)
  }

  /** Sends what the client has missed, which is not sent a second time from what waits. */
  sendMissed(event: HubEvent & { kind: 'alert' }, text: string): void {
    this.#sent.add(keyOf(event))
    this.write(text)
  }

  /** The client has all it missed: what waits goes out, and from now on everything at once. */
  goLive(): void {
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    for (const { event, text } of waiting) if (!this.#wasSent(event)) this.write(text)
  }

  /** What was read out of the log may still be told as new, once, by who reads it at a pace of its own. */
  #wasSent(event: HubEvent): boolean {
    return event.kind === 'alert' && this.#sent.delete(keyOf(event))
  }

  /** Lets the client go. */
  drop(): void {
    this.#isOpen = false
    this.#waiting = undefined
    this.#sent.clear()
    this.#outlet.destroy()
  }

  /** Takes leave in good order. */
  end(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#outlet.end()
  }
}

function keyOf({ alert }: HubEvent & { kind: 'alert' }): string {
  return `${alert.host} ${alert.position}`
}
