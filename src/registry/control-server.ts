import { chmod, lstat, unlink } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { codeOf } from './code-of.ts'
import {
  decodeRequest,
  encodeLine,
  longestLine,
  type ControlAction,
  type ControlAnswer,
} from './control-message.ts'
import type { Disk } from './disk.ts'
import { openSocketPath, type SocketPath } from './socket-path.ts'

/** Carries out a request; the answer is sent when it resolves. */
export type ControlHandler = (action: ControlAction, seconds?: number) => Promise<ControlAnswer>

/** A monitor's end of its control socket. */
export type ControlServerOptions = {
  directory: string
  name: string
  /** the command that registered the ID; others are refused */
  command: string
  handle: ControlHandler
}

/** More connections than this are not kept; those that have said nothing for longest go first. */
const mostConnections = 32

/** So much of an error goes into an answer. */
const longestText = 500

/** How long a connection may take to send its line, and again to take the answer. */
const patienceMs = 2000

/** Answers the controls of one monitor; whatever comes in does the monitor no harm. */
export class ControlServer {
  readonly #options: ControlServerOptions
  readonly #silent = new Set<Socket>()
  readonly #served = new Set<Socket>()
  #server: Server | undefined
  #path: SocketPath | undefined
  #inode: bigint | undefined

  constructor(options: ControlServerOptions) {
    this.#options = options
  }

  /** Begins to listen; a socket file that was left behind is replaced. */
  async listen(): Promise<void> {
    const { directory, name } = this.#options
    const place = join(directory, name)
    await removeIfThere(place)
    const path = openSocketPath(directory, name)
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      this.#accept(socket)
    })
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(path.path, resolve)
      })
    } catch (error) {
      path.close()
      throw error
    }
    server.on('error', () => undefined)
    // The watch decides how long the process lives.
    server.unref()
    this.#server = server
    this.#path = path
    await chmod(place, 0o600)
    this.#inode = (await lstat(place, { bigint: true })).ino
  }

  /** Whether the socket can still be found under its name. */
  async isReachable(disk: Disk): Promise<boolean> {
    const { directory, name } = this.#options
    try {
      return (await disk.stats(join(directory, name))).ino === this.#inode
    } catch {
      return false
    }
  }

  /** Stops listening and removes the socket; requests that are being carried out are still answered. */
  close(): void {
    for (const socket of this.#silent) socket.destroy()
    const path = this.#path
    this.#server?.close(() => path?.close())
    this.#server = undefined
    this.#path = undefined
  }

  #accept(socket: Socket): void {
    if (this.#silent.size + this.#served.size >= mostConnections) {
      const [oldest = socket] = this.#silent
      oldest.destroy()
      this.#silent.delete(oldest)
      if (oldest === socket) return
    }
    this.#silent.add(socket)
    socket.unref()
    const chunks: Buffer[] = []
    let byteCount = 0
    const timer = setTimeout(() => {
      socket.destroy()
    }, patienceMs)
    timer.unref()
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(timer)
      this.#silent.delete(socket)
      this.#served.delete(socket)
    })
    socket.on('end', () => {
      if (this.#silent.has(socket)) socket.destroy()
    })
    socket.on('data', (chunk: Buffer) => {
      if (!this.#silent.has(socket)) return
      chunks.push(chunk)
      byteCount += chunk.length
      const isWhole = chunk.includes('\n')
      if (!isWhole && byteCount <= longestLine) return
      clearTimeout(timer)
      this.#silent.delete(socket)
      this.#served.add(socket)
      const [line = ''] = Buffer.concat(chunks).toString('utf8').split('\n', 1)
      void this.#serve(socket, isWhole && line.length <= longestLine ? line : '')
    })
  }

  async #serve(socket: Socket, line: string): Promise<void> {
    const answer = await this.#answer(line)
    socket.end(encodeLine(answer))
    // Whoever does not take the answer has had the time to.
    setTimeout(() => {
      socket.destroy()
    }, patienceMs).unref()
  }

  async #answer(line: string): Promise<ControlAnswer> {
    const { command, handle } = this.#options
    const request = decodeRequest(line)
    if (request === undefined) return refusal('not a request')
    if (request.command !== command) return refusal(`this ID belongs to ${command}`)
    try {
      return await handle(request.action, request.seconds)
    } catch (error) {
      return refusal(String(error).slice(0, longestText))
    }
  }
}

function refusal(text: string): ControlAnswer {
  return { ok: false, state: '', text }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}
