import { once } from 'node:events'
import { createSocket } from 'node:dgram'
import t from 'tap'
import { encodeCall, nullProcedure } from '../../src/rpc/call.ts'
import { authNone } from '../../src/rpc/credential.ts'
import { UdpTransport } from '../../src/rpc/udp-transport.ts'
import { connectUdp } from '../../src/wire/udp.ts'
import { SocketError } from '../../src/wire/socket-error.ts'
import { accepted, u32 } from '../helpers/rpc-bytes.ts'
import { udpRpcServer } from '../helpers/rpc-server.ts'

const program = { number: 100_003, version: 3 }
const forever = new AbortController().signal
const call = () => encodeCall(7, authNone, program, nullProcedure, undefined)
const taken = (reply: Buffer) => (reply.readUInt32BE(0) === 7 ? reply : undefined)

t.test('a call and its reply are a datagram each', async (t) => {
  const { port, calls } = await udpRpcServer(t, () => accepted(7, u32(42)))
  const transport = await UdpTransport.open({ address: '127.0.0.1', port }, forever)
  t.teardown(() => transport.close())
  t.equal(transport.protocol, 'udp')
  t.same(await transport.exchange(call(), taken), accepted(7, u32(42)))
  t.equal(calls[0]?.sourcePort, transport.localPort)
  t.equal(calls.length, 1)
})

t.test('a call that got lost is sent again, less and less often, as the same call', async (t) => {
  let lost = 3
  const times: number[] = []
  const server = await udpRpcServer(t, () => {
    times.push(performance.now())
    return lost-- > 0 ? undefined : accepted(7, u32())
  })
  const socket = await connectUdp({ address: '127.0.0.1', port: server.port }, forever)
  const transport = new UdpTransport(socket, { firstMs: 50, lastMs: 100 })
  t.teardown(() => transport.close())
  const began = performance.now()
  await transport.exchange(call(), taken)
  // One more may be on its way before the answer has come.
  t.ok(server.calls.length >= 4, `${server.calls.length} times`)
  t.ok(server.calls.every(({ xid }) => xid === 7))
  const [, , , last = 0] = times
  // From before the first was sent: that one may have reached the server late.
  t.ok(last - began >= 245, `50 + 100 + 100 ms passed (${last - began})`)
})

t.test('replies to something else are passed over', async (t) => {
  const server = createSocket('udp4')
  t.teardown(() => server.close())
  server.on('message', (_, { port, address }) => {
    for (const xid of [5, 6, 7]) server.send(accepted(xid, u32()), port, address)
  })
  server.bind(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  const transport = await UdpTransport.open({ address: '127.0.0.1', port }, forever)
  t.teardown(() => transport.close())
  t.equal((await transport.exchange(call(), taken)).readUInt32BE(0), 7)
})

t.test('a port where nobody is refuses', async (t) => {
  const { port, close } = await udpRpcServer(t, () => undefined)
  await close()
  const transport = await UdpTransport.open({ address: '127.0.0.1', port }, forever)
  t.teardown(() => transport.close())
  const error = await transport.exchange(call(), taken).catch((reason: unknown) => reason)
  t.ok(error instanceof SocketError)
  t.equal((error as SocketError).code, 'ECONNREFUSED')
})

t.test('what was left for the abort is sent then', async (t) => {
  const controller = new AbortController()
  const arrived = new Promise<void>((resolve) => {
    const onCall = () => {
      if (server.calls.length === 3) resolve()
      return undefined
    }
    const starting = udpRpcServer(t, onCall)
    let server: Awaited<typeof starting>
    void starting.then(async (started) => {
      server = started
      const { port } = started
      const transport = await UdpTransport.open({ address: '127.0.0.1', port }, controller.signal)
      transport.leaveOnAbort(() => [call(), call()])
      const waiting = transport.exchange(call(), taken)
      controller.abort(new Error('enough'))
      await t.rejects(waiting, { message: 'enough' })
    })
  })
  await arrived
})
