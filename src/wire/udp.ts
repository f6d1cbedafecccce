import { createSocket, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { SocketError } from './socket-error.ts'

/** Where datagrams go to: a numeric address, and the port to come from if that matters. */
export type UdpTarget = { address: string; port: number; localPort?: number }

/** So many datagrams are kept unread; what comes above that is lost, as UDP allows. */
const maxUnread = 64

type Waiting = { resolve: (bytes: Buffer) => void; reject: (error: unknown) => void }

/** A UDP socket tied to one peer, under one signal: its abort ends every wait and frees the socket at once. */
export class UdpSocket {
  /** Sent off when the signal aborts, just before the socket is freed; nobody waits for an answer. */
  lastWords: () => readonly Uint8Array[] = () => []
  readonly #socket: Socket
  readonly #unread: Buffer[] = []
  #waiting: Waiting | undefined
  #failure: unknown
  #closed = false
  readonly #letGo: () => void

  /** Takes over a socket that has just been connected. */
  constructor(socket: Socket, signal: AbortSignal) {
    this.#socket = socket
    const onAbort = () => {
      for (const datagram of this.lastWords()) this.send(datagram)
      this.#fail(signal.reason)
      this.close()
    }
    this.#letGo = () => {
      signal.removeEventListener('abort', onAbort)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    socket.on('message', (bytes: Buffer) => {
      this.#take(bytes)
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#fail(SocketError.from(error, 'receive'))
    })
  }

  get localPort(): number {
    return this.#socket.address().port
  }

  /** Hands a datagram to the kernel; a failure shows in the next read. */
  send(datagram: Uint8Array): void {
    if (this.#closed) return
    this.#socket.send(datagram, (error) => {
      if (error !== null) this.#fail(SocketError.from(error, 'send'))
    })
  }

  /** Waits for the next datagram. */
  async read(): Promise<Buffer> {
    const next = this.#unread.shift()
    if (next !== undefined) return next
    if (this.#failure !== undefined) throw this.#failure
    if (this.#waiting !== undefined) throw new Error('a read is already under way')
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
    })
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#letGo()
    this.#socket.close()
  }

  #take(bytes: Buffer): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting !== undefined) waiting.resolve(bytes)
    else if (this.#unread.length < maxUnread) this.#unread.push(bytes)
  }

  #fail(reason: unknown): void {
    this.#failure ??= reason
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.reject(this.#failure)
  }
}

/** Ties a socket to a peer, or throws a SocketError, or the signal's reason when that comes first. */
export async function connectUdp(target: UdpTarget, signal: AbortSignal): Promise<UdpSocket> {
  signal.throwIfAborted()
  const { address, port, localPort } = target
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
  try {
    await within(signal, socket, (done) => {
      if (localPort === undefined) socket.bind(done)
      else socket.bind({ port: localPort, exclusive: true }, done)
    })
    await within(signal, socket, (done) => {
      socket.connect(port, address, done)
    })
  } catch (error) {
    socket.close()
    throw error
  }
  return new UdpSocket(socket, signal)
}

async function within(
  signal: AbortSignal,
  socket: Socket,
  begin: (done: (error?: Error) => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const letGo = () => {
      signal.removeEventListener('abort', onAbort)
      socket.off('error', onError)
    }
    const onAbort = () => {
      letGo()
      reject(signal.reason)
    }
    const onError = (error: NodeJS.ErrnoException) => {
      letGo()
      reject(SocketError.from(error, 'connect'))
    }
    signal.addEventListener('abort', onAbort, { once: true })
    socket.once('error', onError)
    begin((error) => {
      if (error !== undefined) {
        onError(error)
        return
      }
      letGo()
      resolve()
    })
  })
}
