import { connect, type Socket, type TcpNetConnectOpts } from 'node:net'
import { SocketError } from './socket-error.ts'

/** Where to connect to: a numeric address, and the port to come from if that matters. */
export type TcpTarget = { address: string; port: number; localPort?: number }

/** Above this many unread bytes the peer has to wait, whatever it sends. */
const readAheadBytes = 64 * 1024

/**
 * What has just been read, by whichever connection: it is copied from here before anything else is read. A buffer
 * of its own for each chunk, as a stream would have, is what reading costs most.
 */
const justRead = Buffer.allocUnsafeSlow(readAheadBytes)

type Waiting = { byteCount: number; resolve: (bytes: Buffer) => void; reject: (e: unknown) => void }

/** A TCP connection; what governs it cuts it off, which ends every wait and frees the socket at once. */
export class TcpConnection {
  /** Sent off when it is cut off, just before the socket is freed; nobody waits for an answer. */
  lastWords: (() => Uint8Array) | undefined
  readonly #socket: Socket
  readonly #freePort: boolean
  #chunks: Buffer[] = []
  #buffered = 0
  #isHeldBack = false
  #waiting: Waiting | undefined
  #failure: unknown
  #hasEnded = false

  /** Takes over a socket that has just connected; `freePort` wants its port free at once when it is cut off. */
  constructor(socket: Socket, freePort = false) {
    this.#socket = socket
    this.#freePort = freePort
    socket.on('end', () => {
      this.#end()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#fail(SocketError.from(error, 'receive'))
    })
    socket.on('close', () => {
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

  /** Exactly so many bytes, where they have come by now. */
  readNow(byteCount: number): Buffer | undefined {
    return this.#buffered >= byteCount ? this.#cut(byteCount) : undefined
  }

  /** Waits for exactly so many bytes; memory is taken only for what has arrived. */
  read(byteCount: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const now = this.readNow(byteCount)
      if (now !== undefined) return resolve(now)
      if (this.#failure !== undefined) return reject(this.#failure)
      if (this.#hasEnded) return reject(SocketError.closedByPeer())
      if (this.#waiting !== undefined) return reject(new Error('a read is already under way'))
      this.#waiting = { byteCount, resolve, reject }
      if (!this.#isHeldBack) return
      this.#isHeldBack = false
      this.#socket.resume()
    })
  }

  /** Closes in good order (FIN); the kernel does the rest. */
  close(): void {
    const socket = this.#socket
    // What is still to be sent goes first; otherwise the kernel's own close is all that it takes.
    if (socket.writableLength > 0) socket.destroySoon()
    else socket.destroy()
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

  /** Takes what has arrived; false when the peer has to wait from now on. */
  take(chunk: Buffer): boolean {
    this.#chunks.push(chunk)
    this.#buffered += chunk.length
    const waiting = this.#waiting
    if (waiting !== undefined && this.#buffered >= waiting.byteCount) {
      this.#waiting = undefined
      waiting.resolve(this.#cut(waiting.byteCount))
    }
    this.#isHeldBack = this.#waiting === undefined && this.#buffered > readAheadBytes
    return !this.#isHeldBack
  }

  /** Ends every wait with a reason, and frees the socket at once. */
  cutOff(reason: unknown): void {
    const socket = this.#socket
    this.#fail(reason)
    if (this.lastWords !== undefined) {
      // The kernel takes a small message at once, and its FIN goes out after it.
      socket.write(this.lastWords())
      socket.destroy()
    } else if (this.#freePort) {
      reset(socket)
    } else {
      socket.destroy()
    }
  }

  #cut(byteCount: number): Buffer {
    const first = this.#chunks[0]
    const all =
      this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks)
    this.#buffered = all.length - byteCount
    if (this.#buffered === 0) {
      this.#chunks = []
      return all
    }
    this.#chunks = [all.subarray(byteCount)]
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

/**
 * Connects, or throws a SocketError, or the signal's reason when that comes first; from then on the signal
 * governs the connection.
 */
export async function connectTcp(target: TcpTarget, signal: AbortSignal): Promise<TcpConnection> {
  signal.throwIfAborted()
  const { address, port, localPort } = target
  return new Promise((resolve, reject) => {
    let connection: TcpConnection | undefined
    const onread = {
      buffer: justRead,
      callback: (byteCount: number) => {
        const chunk = Buffer.allocUnsafe(byteCount)
        justRead.copy(chunk, 0, 0, byteCount)
        return connection?.take(chunk) ?? true
      },
    }
    const options: TcpNetConnectOpts = { host: address, port, noDelay: true, onread }
    if (localPort !== undefined) options.localPort = localPort
    const socket = connect(options)
    const onAbort = () => {
      if (connection === undefined) {
        socket.destroy()
        reject(signal.reason)
      } else {
        connection.cutOff(signal.reason)
      }
    }
    const onError = (error: NodeJS.ErrnoException) => {
      reject(SocketError.from(error, 'connect'))
    }
    signal.addEventListener('abort', onAbort, { once: true })
    socket.on('close', () => {
      signal.removeEventListener('abort', onAbort)
    })
    // Once connected it has nothing to say any more.
    socket.on('error', onError)
    socket.on('connect', () => {
      connection = new TcpConnection(socket, localPort !== undefined)
      resolve(connection)
    })
  })
}
