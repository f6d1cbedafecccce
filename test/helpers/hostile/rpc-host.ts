import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** How an answer goes out: over a connection with its record mark, or as a datagram. */
export type Way =
  { socket: Socket; bytes: Buffer } | { datagram: (bytes: Buffer) => void; bytes: Buffer }

/** One port of a scripted RPC server. */
export type RpcHost = { port: number; sockets: Socket[]; close: () => Promise<void> }

/** Gives every call to `answer`, which sees to it that something goes out or does not. */
export async function rpcHost(
  address: string,
  transport: 'tcp' | 'udp',
  answer: (call: Buffer, send: (reply: Buffer) => Way) => void,
): Promise<RpcHost> {
  return transport === 'tcp' ? tcpHost(address, answer) : udpHost(address, answer)
}

type Take = (call: Buffer, send: (reply: Buffer) => Way) => void

async function tcpHost(address: string, take: Take): Promise<RpcHost> {
  const sockets: Socket[] = []
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    let unread = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      unread = Buffer.concat([unread, chunk])
      while (unread.length >= 4) {
        const length = unread.readUInt32BE(0) % 0x8000_0000
        if (unread.length < 4 + length) return
        const call = unread.subarray(4, 4 + length)
        unread = unread.subarray(4 + length)
        take(call, (reply) => ({ socket, bytes: marked(reply) }))
      }
    })
  })
  server.listen(0, address)
  await once(server, 'listening')
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  return { port: (server.address() as AddressInfo).port, sockets, close }
}

async function udpHost(address: string, take: Take): Promise<RpcHost> {
  const socket = createSocket('udp4')
  socket.on('error', () => {})
  socket.on('message', (call, peer) => {
    const datagram = (bytes: Buffer) => {
      socket.send(bytes, peer.port, peer.address)
    }
    take(call, (bytes) => ({ datagram, bytes }))
  })
  socket.bind(0, address)
  await once(socket, 'listening')
  const close = () => new Promise<void>((resolve) => socket.close(() => resolve()))
  return { port: socket.address().port, sockets: [], close }
}

/** A message as one last fragment. */
export function marked(message: Buffer): Buffer {
  const mark = Buffer.alloc(4)
  mark.writeUInt32BE(0x8000_0000 + message.length)
  return Buffer.concat([mark, message])
}
