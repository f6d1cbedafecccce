import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import type { Test } from 'tap'
import { record } from './rpc-bytes.ts'

/** A call as it came in. */
export interface Call {
  xid: number
  program: number
  version: number
  procedure: number
  flavor: number
  credential: Buffer
  args: Buffer
  sourcePort: number
}

/** The whole reply to a call, without a record mark, or undefined for silence. */
export type Answer = (call: Call) => Buffer | undefined

export interface RpcServerOptions {
  address?: string
  port?: number
  /** How a reply that has its record mark goes out over TCP; in one piece unless told. */
  deliver?: (socket: Socket, reply: Buffer) => void
}

/** A server that says what the test wants it to say. */
export interface RpcServer {
  port: number
  /** Every call that came in. */
  calls: Call[]
  /** TCP connections that came in. */
  sockets: Socket[]
  close: () => Promise<void>
}

/** Answers calls over TCP until the test ends. */
export async function tcpRpcServer(
  t: Test,
  answer: Answer,
  {
    address = '127.0.0.1',
    port = 0,
    deliver = (socket, reply) => socket.write(reply),
  }: RpcServerOptions = {},
): Promise<RpcServer> {
  const calls: Call[] = []
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.setNoDelay(true)
    socket.on('error', () => {})
    let unread = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      unread = Buffer.concat([unread, chunk])
      while (unread.length >= 4) {
        const length = unread.readUInt32BE(0) - 0x80000000
        if (unread.length < 4 + length) return
        const call = parseCall(unread.subarray(4, 4 + length), socket.remotePort ?? 0)
        unread = unread.subarray(4 + length)
        calls.push(call)
        const reply = answer(call)
        if (reply !== undefined) deliver(socket, record(reply))
      }
    })
  })
  server.listen(port, address)
  await once(server, 'listening')
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    if (server.listening) await new Promise((resolve) => server.close(resolve))
  }
  t.teardown(close)
  return { port: (server.address() as AddressInfo).port, calls, sockets, close }
}

/** Answers calls over UDP until the test ends. */
export async function udpRpcServer(t: Test, answer: Answer): Promise<RpcServer> {
  const calls: Call[] = []
  const socket: UdpSocket = createSocket('udp4')
  socket.on('message', (message, { port, address }) => {
    const call = parseCall(message, port)
    calls.push(call)
    const reply = answer(call)
    if (reply !== undefined) socket.send(reply, port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  let closed: Promise<void> | undefined
  const close = () => (closed ??= new Promise<void>((resolve) => socket.close(() => resolve())))
  t.teardown(close)
  return { port, calls, sockets: [], close }
}

function parseCall(message: Buffer, sourcePort: number): Call {
  const at = (index: number) => message.readUInt32BE(index * 4)
  if (at(1) !== 0 || at(2) !== 2) throw new Error('no call of RPC version 2')
  const credentialEnd = 32 + Math.ceil(at(7) / 4) * 4
  const verifierBytes = message.readUInt32BE(credentialEnd + 4)
  return {
    xid: at(0),
    program: at(3),
    version: at(4),
    procedure: at(5),
    flavor: at(6),
    credential: message.subarray(32, 32 + at(7)),
    args: message.subarray(credentialEnd + 8 + verifierBytes),
    sourcePort,
  }
}
