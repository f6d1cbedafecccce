import type { EventOutlet } from './event-client.ts'
import { EventClient } from './event-client.ts'
import { eventText, frame } from './event-text.ts'
import type { Hub, HubEvent } from './hub.ts'
import { limits } from './limits.ts'
import { decodePositions, encodePositions, type PositionMap } from './position-map.ts'
import type { Source } from './source.ts'

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

  /** Takes a client on: what it missed comes first, then what happens. */
  async add(outlet: EventOutlet, wish: EventWish, signal: AbortSignal): Promise<EventClient> {
    const client = new EventClient(outlet, limits.unreadBytes)
    this.#clients.set(client, wish)
    client.write(`retry: 1000\n${frame('hello', { version: 1, host: this.#own })}`)
    const positions = wish.resume === undefined ? {} : decodePositions(wish.resume)
    if (positions === undefined) client.write(frame('reset', {}))
    else await this.#catchUp(client, positions, wish, signal)
    client.goLive()
    return client
  }

  /** Forgets a client whose connection is over. */
  remove(client: EventClient): void {
    client.drop()
    this.#clients.delete(client)
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
      if (!ownOnly && whole !== undefined) client.sendAll(all, whole)
      else if (own.length > 0 && wholeOwn !== undefined) client.sendAll(own, wholeOwn)
    }
    this.#forgetGone()
  }

  async #catchUp(
    client: EventClient,
    from: PositionMap,
    { ownOnly }: EventWish,
    signal: AbortSignal,
  ): Promise<void> {
    const sources = this.#hub.sources().filter(({ host }) => !ownOnly || host === this.#own)
    const reached: Record<string, string | null> = { ...from }
    const missed = await Promise.all(
      sources.map(async (source) => missedOf(source, from[source.host] ?? undefined, signal)),
    )
    if (missed.some(({ isTooMuch }) => isTooMuch)) {
      client.write(frame('reset', {}))
      return
    }
    const alerts = missed.flatMap(({ alerts: those }) => those)
    for (const alert of alerts.toSorted((a, b) => (a.time < b.time ? -1 : 1))) {
      reached[alert.host] = alert.position
      const event = { kind: 'alert', alert, resume: encodePositions(reached) } as const
      client.sendMissed(event, eventText(event))
    }
  }

  #forgetGone(): void {
    for (const client of this.#clients.keys()) if (!client.isOpen) this.#clients.delete(client)
  }
}

async function missedOf(source: Source, position: string | undefined, signal: AbortSignal) {
  const { host } = source
  if (position === undefined) return { alerts: [], isTooMuch: false }
  try {
    const page = await source.after({ position, limit: limits.caughtUp, signal })
    const alerts = page.alerts.map((alert) => ({ host, ...alert }))
    return { alerts, isTooMuch: page.isLost === true || alerts.length >= limits.caughtUp }
  } catch {
    // What it said meanwhile may be known here already, and would not be told a second time.
    return { alerts: [], isTooMuch: true }
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
