import t from 'tap'
import { encodeCall, nullProcedure } from '../../src/rpc/call.ts'
import { authNone } from '../../src/rpc/credential.ts'
import { TcpTransport } from '../../src/rpc/tcp-transport.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { SocketError } from '../../src/wire/socket-error.ts'
import { accepted, bytes, record, u32 } from '../helpers/rpc-bytes.ts'
import { tcpRpcServer, type RpcServerOptions } from '../helpers/rpc-server.ts'

const program = { number: 100_003, version: 3 }
const forever = new AbortController().signal
const call = () => encodeCall(7, authNone, program, nullProcedure, undefined)
const body = accepted(7, u32(42))

async function answered(
  t: Parameters<typeof tcpRpcServer>[0],
  deliver: RpcServerOptions['deliver'],
) {
  const { port } = await tcpRpcServer(t, () => body, deliver === undefined ? {} : { deliver })
  const transport = await TcpTransport.open({ address: '127.0.0.1', port }, forever)
  t.teardown(() => transport.close('abrupt'))
  return transport.exchange(call(), (reply) => (reply.readUInt32BE(0) === 7 ? reply : undefined))
}

t.test('a reply is taken whole, however it comes', async (t) => {
  t.same(await answered(t, undefined), body, 'in one piece')
  t.same(
    await answered(t, (socket, reply) => {
      for (const byte of reply) socket.write(Buffer.from([byte]))
    }),
    body,
    'byte by byte',
  )
  t.same(
    await answered(t, (socket) => {
      const half = u32(8)
      socket.write(bytes(half, body.subarray(0, 8), record(body.subarray(8))))
    }),
    body,
    'in two fragments',
  )
  t.same(
    await answered(t, (socket, reply) => {
      socket.write(bytes(record(u32(1, 1)), record(u32(2, 1)), reply))
    }),
    body,
    'behind two others in one segment',
  )
})

t.test('a server that closes, or sends nonsense, ends the wait', async (t) => {
  await t.rejects(
    answered(t, (socket) => socket.end()),
    SocketError,
  )
  await t.rejects(
    answered(t, (socket) => socket.write(u32(0xffffffff))),
    MalformedError,
  )
})

t.test('after nonsense nothing more is asked over the connection', async (t) => {
  const server = await tcpRpcServer(t, () => body, {
    deliver: (socket) => socket.write(u32(0xffffffff)),
  })
  const transport = await TcpTransport.open({ address: '127.0.0.1', port: server.port }, forever)
  t.teardown(() => transport.close('abrupt'))
  for (let n = 0; n < 2; n++) {
    await t.rejects(
      transport.exchange(call(), () => undefined),
      MalformedError,
    )
  }
  t.equal(server.calls.length, 1)
})

t.test('several calls may be under way, and their replies come in any order', async (t) => {
  const arrived: number[] = []
  const { port } = await tcpRpcServer(t, ({ xid }) => accepted(xid, u32(xid)), {
    deliver: (socket, reply) => {
      arrived.push(reply.readUInt32BE(4))
      // Nobody answers before both are there, and the last is answered first.
      if (arrived.length === 2) {
        for (const xid of arrived.toReversed()) socket.write(record(accepted(xid, u32(xid))))
      }
    },
  })
  const transport = await TcpTransport.open({ address: '127.0.0.1', port }, forever)
  t.teardown(() => transport.close('abrupt'))
  const answers: number[] = []
  const ask = async (xid: number) => {
    const message = encodeCall(xid, authNone, program, nullProcedure, undefined)
    const own = (reply: Buffer) => (reply.readUInt32BE(0) === xid ? reply : undefined)
    await transport.exchange(message, own)
    answers.push(xid)
  }
  await Promise.all(transport.together(() => [ask(7), ask(8)]))
  t.same(arrived, [7, 8])
  t.same(answers, [8, 7])
})

t.test('the end of the connection ends every wait', async (t) => {
  const { port } = await tcpRpcServer(t, () => body, { deliver: (socket) => socket.end() })
  const transport = await TcpTransport.open({ address: '127.0.0.1', port }, forever)
  t.teardown(() => transport.close('abrupt'))
  const waits = transport.together(() =>
    [1, 2].map(async () => transport.exchange(call(), () => undefined)),
  )
  for (const wait of waits) wait.catch(() => {})
  for (const wait of waits) await t.rejects(wait, SocketError)
})

t.test('after the close nothing is left to be sent', async (t) => {
  const controller = new AbortController()
  const server = await tcpRpcServer(t, () => body)
  const target = { address: '127.0.0.1', port: server.port }
  const transport = await TcpTransport.open(target, controller.signal)
  transport.leaveOnAbort(() => [call()])
  await transport.exchange(call(), (reply) => reply)
  const [socket] = server.sockets
  if (socket === undefined) throw new Error('no connection')
  const closed = new Promise((resolve) => socket.on('close', resolve))
  transport.close('orderly')
  controller.abort(new Error('enough'))
  await closed
  t.equal(server.calls.length, 1)
})

t.test('what was left for the abort is sent then, all of it', async (t) => {
  const controller = new AbortController()
  const server = await tcpRpcServer(t, () => undefined)
  const transport = await TcpTransport.open(
    { address: '127.0.0.1', port: server.port },
    controller.signal,
  )
  t.ok(transport.localPort > 0)
  transport.leaveOnAbort(() => [call(), call()])
  const waiting = transport.exchange(call(), () => undefined)
  controller.abort(new Error('enough'))
  await t.rejects(waiting, { message: 'enough' })
  const [socket] = server.sockets
  if (socket === undefined) throw new Error('no connection')
  await new Promise((resolve) => socket.on('close', resolve))
  t.equal(server.calls.length, 3)
})

t.test('nothing is sent where nothing is left to be sent', async (t) => {
  const controller = new AbortController()
  const server = await tcpRpcServer(t, () => undefined)
  const transport = await TcpTransport.open(
    { address: '127.0.0.1', port: server.port },
    controller.signal,
  )
  transport.leaveOnAbort(() => [call()])
  transport.leaveOnAbort(undefined)
  const waiting = transport.exchange(call(), () => undefined)
  controller.abort(new Error('enough'))
  await t.rejects(waiting, { message: 'enough' })
  const [socket] = server.sockets
  if (socket === undefined) throw new Error('no connection')
  await new Promise((resolve) => socket.on('close', resolve))
  t.equal(server.calls.length, 1)
})

t.test('an orderly close is an end, an abrupt one a reset', async (t) => {
  for (const manner of ['orderly', 'abrupt'] as const) {
    const seen: string[] = []
    const server = await tcpRpcServer(t, () => body)
    const transport = await TcpTransport.open({ address: '127.0.0.1', port: server.port }, forever)
    await transport.exchange(call(), (reply) => reply)
    const [socket] = server.sockets
    if (socket === undefined) throw new Error('no connection')
    const closed = new Promise((resolve) => socket.on('close', resolve))
    socket.on('end', () => seen.push('end'))
    socket.on('error', () => seen.push('error'))
    transport.close(manner)
    await closed
    t.equal(seen[0], manner === 'orderly' ? 'end' : 'error', manner)
  }
})
