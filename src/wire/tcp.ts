import { connect, type Socket, type TcpNetConnectOpts } from 'node:net'
import { SocketError } from './socket-error.ts'

/** Where to connect to: a numeric address, and the port to come from if that matters. */
export type TcpTarget = { address: string; port: number; localPort?: number }

/** Above this many unread bytes the peer has to wait, whatever it sends. */
const readAheadBytes = 64 * 1024

type Waiting = { byteCount: number; resolve: (bytes: Buffer) => void; reject: (e: unknown) => void }

/** A TCP connection that lives under one signal: its abort ends every wait and frees the socket at once. */
export class TcpConnection {
  /** Sent off when the signal aborts, just before the socket is freed; nobody waits for an answer. */
  lastWords: Uint8Array | undefined
  readonly #socket: Socket
  #chunks: Buffer[] = []
  #buffered = 0
  #waiting: Waiting | undefined
  #failure: unknown
  #hasEnded = false

  /** Takes over a socket that has just connected; `freePort` wants its port free at once after an abort. */
  constructor(socket: Socket, signal: AbortSignal, freePort = false) {
    this.#socket = socket
    const onAbort = () => {
      this.#fail(signal.reason)
      if (this.lastWords !== undefined) {
        // The kernel takes a small message at once, and its FIN goes out after it.
        socket.write(this.lastWords)
        socket.destroy()
      } else if (freePort) {
        reset(socket)
      } else {
        socket.destroy()
      }
    }
    signal.addEventListener('abort', onAbort, { once: true })
    socket.on('data', (chunk: Buffer) => {
      this.#take(chunk)
    })
    socket.on('end', () => {
      this.#end()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#fail(SocketError.from(error, 'receive'))
    })
    socket.on('close', () => {
      signal.removeEventListener('abort', onAbort)
      this.#end()
    })
  }

  /** The port that this end got. */
  get localPort(): number | undefined {
    return this.#socket.localPort
  }

  /** The address of this end, as the kernel chose it. */
  get localAddress(): string | undefined {
    return this.#socket.localAddress
  }

  /** Hands bytes to the kernel; a failure shows in the next read. */
  send(bytes: Uint8Array): void {
    if (this.#failure === undefined && !this.#hasEnded) this.#socket.write(bytes)
  }

  /** Waits for exactly so many bytes; memory is taken only for what has arrived. */
  async read(byteCount: number): Promise<Buffer> {
    if (this.#buffered >= byteCount) return this.#cut(byteCount)
    if (this.#failure !== undefined) throw this.#failure
    if (this.#hasEnded) throw SocketError.closedByPeer()
    if (this.#waiting !== undefined) throw new Error('a read is already under way')
    return new Promise((resolve, reject) => {
      this.#waiting = { byteCount, resolve, reject }
      this.#socket.resume()
    })
  }

  /** Closes in good order (FIN); the kernel does the rest. */
  close(): void {
    this.#socket.destroySoon()
  }

  /** Closes with a reset, so that the local port is free again at once. */
  reset(): void {
    reset(this.#socket)
  }

  /**
   * Closes so that the local port is free again at once, and the peer sees a close in good order.
   *
   * The reset follows the FIN before the peer's own FIN can come, which alone would make this end linger.
   */
  release(): void {
    const socket = this.#socket
    socket.end(() => {
      reset(socket)
    })
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#buffered += chunk.length
    const waiting = this.#waiting
    if (waiting !== undefined && this.#buffered >= waiting.byteCount) {
      this.#waiting = undefined
      waiting.resolve(this.#cut(waiting.byteCount))
    }
    if (this.#waiting === undefined && this.#buffered > readAheadBytes) this.#socket.pause()
  }

  #cut(byteCount: number): Buffer {
    const first = this.#chunks[0]
    const all =
      this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks)
    this.#buffered = all.length - byteCount
    this.#chunks = this.#buffered === 0 ? [] : [all.subarray(byteCount)]
    return all.subarray(0, byteCount)
  }

  /** No more will come; an error is made of that only where somebody waits, for every connection ends. */
  #end(): void {
    this.#hasEnded = true
    if (this.#waiting !== undefined) this.#fail(undefined)
  }

  #fail(reason: unknown): void {
    this.#failure ??= this.#hasEnded ? SocketError.closedByPeer() : reason
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.reject(this.#failure)
  }
}

/** Node loses the descriptor for good, and spins on it, when a reset meets a FIN that is on its way. */
function reset(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy()
  else socket.resetAndDestroy()
}

/** Connects, or throws a SocketError, or the signal's reason when that comes first. */
export async function connectTcp(target: TcpTarget, signal: AbortSignal): Promise<TcpConnection> {
  signal.throwIfAborted()
  const { address, port, localPort } = target
  const options: TcpNetConnectOpts = { host: address, port, noDelay: true }
  if (localPort !== undefined) options.localPort = localPort
  return new Promise((resolve, reject) => {
    const socket = connect(options)
    const onAbort = () => {
      socket.destroy()
      reject(signal.reason)
    }
    const onError = (error: NodeJS.ErrnoException) => {
      signal.removeEventListener('abort', onAbort)
      reject(SocketError.from(error, 'connect'))
    }
    signal.addEventListener('abort', onAbort, { once: true })
    socket.once('error', onError)
    socket.once('connect', () => {
      signal.removeEventListener('abort', onAbort)
      socket.off('error', onError)
      resolve(new TcpConnection(socket, signal, localPort !== undefined))
    })
  })
}
