import { createServer, type Server, type Socket } from 'node:net'
import { recordedAnswers } from './recorded-answers.ts'

const lengthBytes = 4

/** Answers on this host as Samba would, in recorded words, whoever connects, and check after check. */
export class AnsweringServer {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly port: number

  private constructor(server: Server) {
    this.#server = server
    const address = server.address()
    this.port = typeof address === 'object' && address !== null ? address.port : 0
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      answer(socket)
    })
  }

  /** Listens on a free port of the loopback. */
  static async open(): Promise<AnsweringServer> {
    const server = createServer()
    await new Promise<void>((resolve, reject) => {
      server.on('error', reject)
      server.listen(0, '127.0.0.1', resolve)
    })
    return new AnsweringServer(server)
  }

  /** Ends it, and every conversation. */
  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }
}

/** Every message is answered by the next of the recorded ones; after the last there is nothing to be said. */
function answer(socket: Socket): void {
  const answers = recordedAnswers.values()
  let rest = Buffer.alloc(0)
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= lengthBytes) {
      const end = lengthBytes + rest.readUInt32BE()
      if (rest.length < end) return
      rest = rest.subarray(end)
      const { value } = answers.next()
      if (value === undefined) return void socket.destroy()
      socket.write(value, 'base64')
    }
  })
}
