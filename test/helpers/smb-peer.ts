import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'
import { SmbConnection } from '../../src/smb/connection.ts'
import { Frames } from '../../src/smb/frames.ts'
import { connectTcp } from '../../src/wire/tcp.ts'

/** The other end of a connection: all that came, and a way to say something. */
export type Peer = {
  frames: Frames
  connection: SmbConnection
  /** the messages that came, without what frames them */
  received: Buffer[]
  /** the bytes that came, all of them */
  bytes: () => Buffer
  socket: Socket
}

/** Connects to a peer that answers each message as `answer` says, in bytes that it frames itself. */
export async function connectPeer(
  t: Test,
  answer: (message: Buffer, peer: { socket: Socket; received: Buffer[] }) => Buffer | undefined,
): Promise<Peer> {
  const received: Buffer[] = []
  let all: Buffer = Buffer.alloc(0)
  let taken = 0
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => {
      all = Buffer.concat([all, chunk])
      while (all.length >= taken + 4) {
        const length = all.readUInt32BE(taken) & 0xffffff
        if (all.length < taken + 4 + length) return
        const message = all.subarray(taken + 4, taken + 4 + length)
        taken += 4 + length
        received.push(message)
        const said = answer(message, { socket, received })
        if (said !== undefined) socket.write(said)
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const controller = new AbortController()
  const accepted = once(server, 'connection')
  const { port } = server.address() as AddressInfo
  const tcp = await connectTcp({ address: '127.0.0.1', port }, controller.signal)
  const [socket] = (await accepted) as [Socket]
  t.teardown(() => {
    controller.abort()
    socket.destroy()
    server.close()
  })
  const frames = new Frames(tcp)
  return {
    frames,
    connection: new SmbConnection(frames),
    received,
    bytes: () => all,
    socket,
  }
}
