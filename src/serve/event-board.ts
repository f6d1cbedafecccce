import type { EventOutlet } from './event-client.ts'
import { EventClient } from './event-client.ts'
import { eventText, frame } from './event-text.ts'
import type { Hub, HubEvent } from './hub.ts'
import { limits } from './limits.ts'
import { missedAlerts } from './missed-alerts.ts'
import { decodePositions, encodePositions, type PositionMap } from './position-map.ts'

/** What a client of the events wants. */
export type EventWish = {
  /** where it was when it last heard something */
  resume: string | undefined
  /** only what is our own host's: so do peers ask, and nothing goes in circles */
  ownOnly: boolean
}

/** Everybody who listens to the events. */
export class EventBoard {
  readonly #hub: Hub
  readonly #own: string
  readonly #clients = new Map<EventClient, EventWish>()
  readonly #unsubscribe: () => void
  readonly #heartbeat: NodeJS.Timeout

  constructor(hub: Hub, own: string) {
    this.#hub = hub
    this.#own = own
    this.#unsubscribe = hub.subscribe((events) => {
      this.#pass(events)
    })
    this.#heartbeat = setInterval(() => {
      for (const client of this.#clients.keys()) client.write(': still here\n\n')
      this.#forgetGone()
    }, limits.heartbeatMs)
    this.#heartbeat.unref()
  }

  /** How many listen. */
  get size(): number {
    return this.#clients.size
  }

  /** Whether there is room for one more. */
  hasRoom(): boolean {
    this.#forgetGone()
    return this.#clients.size < limits.eventClients
  }

  /** Takes a client on until the signal says that it is gone: what it missed comes first, then what happens. */
  async add(outlet: EventOutlet, wish: EventWish, signal: AbortSignal): Promise<void> {
    const client = new EventClient(outlet, limits.unreadBytes)
    this.#clients.set(client, wish)
    const leave = (): void => {
      client.drop()
      this.#clients.delete(client)
    }
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
    client.write(`retry: 1000\n${frame('hello', { version: 1, host: this.#own })}`)
    // From here on the client's events wait, and here what it missed ends: nothing is between, nothing in both.
    const upTo = this.#hub.positions()
    if (wish.resume !== undefined) {
      const from = decodePositions(wish.resume)
      const hasAll =
        from !== undefined && (await this.#catchUp(client, { from, upTo }, wish, signal))
      if (!hasAll) client.write(frame('reset', {}, encodePositions(upTo)))
    }
    await client.goLive()
  }

  /** Takes leave of everybody. */
  close(): void {
    clearInterval(this.#heartbeat)
    this.#unsubscribe()
    for (const client of this.#clients.keys()) client.end()
    this.#clients.clear()
  }

  /** Everybody gets the same bytes, which are there only once however many have not taken them yet. */
  #pass(events: readonly HubEvent[]): void {
    if (this.#clients.size === 0) return
    const all = events.map((event) => ({ event, text: eventText(event) }))
    const own = all.filter(({ event }) => hostOf(event) === this.#own)
    const [whole, wholeOwn] = [all, own].map((batch) =>
      Buffer.from(batch.map(({ text }) => text).join('')),
    )
    for (const [client, { ownOnly }] of this.#clients) {
      if (!ownOnly && whole !== undefined) client.send(all, whole)
      else if (own.length > 0 && wholeOwn !== undefined) client.send(own, wholeOwn)
    }
    this.#forgetGone()
  }

  /** Sends what was missed, as fast as the client takes it; false where that is more than we keep at hand. */
  async #catchUp(
    client: EventClient,
    { from, upTo }: { from: PositionMap; upTo: PositionMap },
    { ownOnly }: EventWish,
    signal: AbortSignal,
  ): Promise<boolean> {
    const sources = this.#hub.sources().filter(({ host }) => !ownOnly || host === this.#own)
    const missed = missedAlerts({ sources, from, upTo, handful: limits.handful, signal })
    let count = 0
    while (client.isOpen) {
      const { value, done } = await missed.next()
      if (done === true) return value
      count += value.length
      if (count > limits.caughtUp) return false
      await client.sendMissed(
        value.map(({ alert, resume }) => eventText({ kind: 'alert', alert, resume })),
      )
    }
    return true
  }

  #forgetGone(): void {
    for (const client of this.#clients.keys()) if (!client.isOpen) this.#clients.delete(client)
  }
}

function hostOf(event: HubEvent): string {
  switch (event.kind) {
    case 'host':
      return event.host.host
    case 'alert':
      return event.alert.host
    case 'watch':
    case 'gone':
    case 'reset':
      return event.host
  }
}
