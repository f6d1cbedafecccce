import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Detour, relayAddress } from './detour.ts'
import { type Framing, isInterim, MessageCutter, smbFraming } from './framing.ts'

/** What happens on the way, once. */
export type Incident = {
  /** so many whole answers have come from the server; 0: connected, and nothing asked yet */
  after: number
  /** the answer that counts passes only after this, and nothing else before it either */
  happen: () => Promise<void>
  /** only the first half of that answer passes, and before it happens */
  half?: boolean
  /** so long is held back once what the server is asked afterwards, on whatever connection */
  delayMs?: number
}

/**
 * Stands between a check and a real server, unseen by both, and lets something happen between two messages.
 *
 * Bytes pass unchanged; an end and a reset pass as what they are. Connections made after the incident has
 * begun go straight to the server, so that it alone accepts or refuses them.
 */
export class Relay {
  /** Whole answers that have come from the server. */
  answers = 0
  readonly #detour: Detour
  readonly #address: string
  readonly #framing: Framing
  readonly #servers: Server[] = []
  readonly #sockets = new Set<Socket>()
  #incident: Incident | undefined
  #delayMs = 0

  private constructor(detour: Detour, address: string, framing: Framing) {
    this.#detour = detour
    this.#address = address
    this.#framing = framing
  }

  /** Stands before these ports of a server. */
  static async start(
    detour: Detour,
    address: string,
    ports: readonly number[],
    framing: Framing,
    incident?: Incident,
  ): Promise<Relay> {
    const relay = new Relay(detour, address, framing)
    relay.#incident = incident
    const ours = new Map<number, number>()
    for (const port of ports) ours.set(port, await relay.#listen(port))
    await detour.lead(address, ours)
    return relay
  }

  /** The end of it and of all its connections. */
  async close(): Promise<void> {
    await this.#detour.end()
    for (const socket of this.#sockets) socket.destroy()
    for (const server of this.#servers) server.close()
  }

  async #listen(port: number): Promise<number> {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (near) => {
      void this.#join(near, port)
    })
    this.#servers.push(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }

  async #join(near: Socket, port: number): Promise<void> {
    const far = connect({
      host: this.#address,
      port,
      localAddress: relayAddress,
      allowHalfOpen: true,
    })
    for (const socket of [near, far]) {
      this.#sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('close', () => this.#sockets.delete(socket))
    }
    near.on('error', () => far.destroy())
    near.on('close', () => far.destroy())
    // One thing after the other, so that what happens takes its place between two messages.
    let order = Promise.resolve()
    const then = (step: () => Promise<void> | void) => {
      order = order.then(step)
    }
    far.on('error', () => then(() => void near.resetAndDestroy()))
    far.on('connect', () =>
      then(async () => {
        await this.#happenAfter(0)
        near.resume()
      }),
    )
    const cutter = new MessageCutter(this.#framing)
    let isCutShort = false
    far.on('data', (piece: Buffer) => {
      for (const message of cutter.take(piece)) {
        then(async () => {
          if (isCutShort) return
          isCutShort = await this.#pass(message, near)
        })
      }
    })
    far.on('end', () =>
      then(() => {
        near.end(cutter.rest)
      }),
    )
    near.on('data', (piece: Buffer) => void this.#ask(piece, near, far))
    near.on('end', () => far.end())
  }

  async #ask(piece: Buffer, near: Socket, far: Socket): Promise<void> {
    const delayMs = this.#delayMs
    this.#delayMs = 0
    if (delayMs > 0) {
      near.pause()
      await sleep(delayMs)
      near.resume()
    }
    if (!far.destroyed) far.write(piece)
  }

  /** Passes an answer on; true where only half of it went, and no more may follow. */
  async #pass(message: Buffer, near: Socket): Promise<boolean> {
    // A server that is busy says so at times, in front of an answer that counts.
    if (this.#framing === smbFraming && isInterim(message)) {
      if (!near.destroyed) near.write(message)
      return false
    }
    const count = ++this.answers
    if (this.#incident?.after === count && this.#incident.half === true) {
      await new Promise<void>((resolve) => {
        near.write(message.subarray(0, message.length / 2), () => resolve())
      })
      await this.#happenAfter(count)
      return true
    }
    await this.#happenAfter(count)
    if (!near.destroyed) near.write(message)
    return false
  }

  async #happenAfter(count: number): Promise<void> {
    if (this.#incident?.after !== count) return
    const { happen, delayMs = 0 } = this.#incident
    this.#incident = undefined
    if (delayMs === 0) await this.#detour.end()
    this.#delayMs = delayMs
    await happen()
  }
}
