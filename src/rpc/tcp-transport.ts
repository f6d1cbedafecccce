import { connectTcp, type TcpConnection, type TcpTarget } from '../wire/tcp.ts'
import { markRecord, readRecord } from './record.ts'
import type { RpcTransport } from './rpc-client.ts'

/** RPC over a TCP connection, message by message between record marks. */
export class TcpTransport implements RpcTransport {
  readonly protocol = 'tcp'
  readonly #connection: TcpConnection
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
    this.#connection.send(markRecord(message))
    try {
      for (;;) {
        const result = take(await readRecord(this.#connection))
        if (result !== undefined) return result
      }
    } catch (error) {
      this.#failure = error
      throw error
    }
  }

  leaveOnAbort(messages: readonly Buffer[]): void {
    this.#connection.lastWords =
      messages.length === 0 ? undefined : Buffer.concat(messages.map(markRecord))
  }

  /** Either way the port is free again at once, for certain only with `abrupt`. */
  close(manner: 'orderly' | 'abrupt'): void {
    if (manner === 'orderly') this.#connection.release()
    else this.#connection.reset()
  }
}
