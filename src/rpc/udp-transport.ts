import { connectUdp, type UdpSocket, type UdpTarget } from '../wire/udp.ts'
import type { RpcTransport } from './rpc-client.ts'

/** Waits before a call is sent again: each twice the one before, up to the last. */
export type Retransmission = { firstMs: number; lastMs: number }

const usualRetransmission: Readonly<Retransmission> = { firstMs: 700, lastMs: 10_000 }

/** RPC over UDP: a call is sent again, with the same xid, until its reply comes. */
export class UdpTransport implements RpcTransport {
  readonly protocol = 'udp'
  readonly #socket: UdpSocket
  readonly #retransmission: Retransmission

  constructor(socket: UdpSocket, retransmission = usualRetransmission) {
    this.#socket = socket
    this.#retransmission = retransmission
  }

  /** Opens the socket, under a signal that from then on governs it as well. */
  static async open(target: UdpTarget, signal: AbortSignal): Promise<UdpTransport> {
    return new UdpTransport(await connectUdp(target, signal))
  }

  get localPort(): number {
    return this.#socket.localPort
  }

  async exchange<T>(message: Buffer, take: (bytes: Buffer) => T | undefined): Promise<T> {
    const { firstMs, lastMs } = this.#retransmission
    const datagram = message.subarray(4)
    let waitMs = firstMs
    let timer: NodeJS.Timeout | undefined
    const send = () => {
      this.#socket.send(datagram)
      timer = setTimeout(send, waitMs)
      waitMs = Math.min(waitMs * 2, lastMs)
    }
    send()
    try {
      for (;;) {
        const result = take(await this.#socket.read())
        if (result !== undefined) return result
      }
    } finally {
      clearTimeout(timer)
    }
  }

  together<T>(begin: () => T): T {
    return begin()
  }

  leaveOnAbort(prepare: (() => readonly Buffer[]) | undefined): void {
    this.#socket.lastWords = () => prepare?.().map((message) => message.subarray(4)) ?? []
  }

  close(): void {
    this.#socket.close()
  }
}
