import { connectTcp, type TcpConnection, type TcpTarget } from '../wire/tcp.ts'
import { markRecord, readRecord } from './record.ts'
import type { RpcTransport } from './rpc-client.ts'

/** Who waits for a message: whether this is it, and what to do when none will come. */
type Taker = { isTaken: (bytes: Buffer) => boolean; reject: (error: unknown) => void }

/** RPC over a TCP connection, message by message between record marks. */
export class TcpTransport implements RpcTransport {
  readonly protocol = 'tcp'
  readonly #connection: TcpConnection
  #takers: Taker[] = []
  #isReading = false
  /** messages that go out in one piece when all are there */
  #together: Buffer[] | undefined
  #failure: unknown

  constructor(connection: TcpConnection) {
    this.#connection = connection
  }

  /** Connects, under a signal that from then on governs the connection as well. */
  static async open(target: TcpTarget, signal: AbortSignal): Promise<TcpTransport> {
    return new TcpTransport(await connectTcp(target, signal))
  }

  get localPort(): number {
    return this.#connection.localPort ?? 0
  }

  async exchange<T>(message: Buffer, take: (bytes: Buffer) => T | undefined): Promise<T> {
    // After nonsense nobody knows where the next message begins.
    if (this.#failure !== undefined) throw this.#failure
    if (this.#together === undefined) this.#connection.send(markRecord(message))
    else this.#together.push(markRecord(message))
    return new Promise((resolve, reject) => {
      const isTaken = (bytes: Buffer) => {
        const result = take(bytes)
        if (result === undefined) return false
        resolve(result)
        return true
      }
      this.#takers.push({ isTaken, reject })
      if (!this.#isReading) void this.#readOn()
    })
  }

  together<T>(begin: () => T): T {
    const messages: Buffer[] = []
    this.#together = messages
    try {
      return begin()
    } finally {
      this.#together = undefined
      this.#connection.send(Buffer.concat(messages))
    }
  }

  leaveOnAbort(prepare: (() => readonly Buffer[]) | undefined): void {
    this.#connection.lastWords =
      prepare === undefined ? undefined : () => Buffer.concat(prepare().map(markRecord))
  }

  /** Either way the port is free again at once, for certain only with `abrupt`. */
  close(manner: 'orderly' | 'abrupt'): void {
    // Whoever aborts from now on ends nothing that would have to be undone.
    this.#connection.lastWords = undefined
    if (manner === 'orderly') this.#connection.release()
    else this.#connection.reset()
  }

  /** Reads for as long as somebody waits; messages are offered to one after the other. */
  async #readOn(): Promise<void> {
    this.#isReading = true
    try {
      while (this.#takers.length > 0) {
        const bytes = await readRecord(this.#connection)
        const taker = this.#takers.findIndex(({ isTaken }) => isTaken(bytes))
        if (taker >= 0) this.#takers.splice(taker, 1)
      }
    } catch (error) {
      this.#failure = error
      for (const { reject } of this.#takers) reject(error)
      this.#takers = []
    }
    this.#isReading = false
  }
}
