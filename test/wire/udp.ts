import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { EventEmitter, once } from 'node:events'
import t, { type Test } from 'tap'
import { SocketError } from '../../src/wire/socket-error.ts'
import { connectUdp, UdpSocket } from '../../src/wire/udp.ts'
import { withChosenPort } from '../helpers/with-chosen-port.ts'

const forever = new AbortController().signal

async function listen(t: Test, address = '127.0.0.1'): Promise<{ peer: Socket; port: number }> {
  const peer = createSocket(address === '::1' ? 'udp6' : 'udp4')
  let closed = false
  peer.on('close', () => {
    closed = true
  })
  t.teardown(() => closed || peer.close())
  peer.bind(0, address)
  await once(peer, 'listening')
  return { peer, port: peer.address().port }
}

async function heard(peer: Socket): Promise<[Buffer, RemoteInfo]> {
  return (await once(peer, 'message')) as [Buffer, RemoteInfo]
}

t.test('datagrams go to the peer and come from it, one by one', async (t) => {
  for (const address of ['127.0.0.1', '::1']) {
    const { peer, port } = await listen(t, address)
    const socket = await connectUdp({ address, port }, forever)
    t.teardown(() => socket.close())
    const arrived = heard(peer)
    socket.send(Buffer.from('hello'))
    const [bytes, { port: from }] = await arrived
    t.equal(bytes.toString(), 'hello')
    t.equal(from, socket.localPort)
    const first = socket.read()
    peer.send('one', from, address)
    t.equal((await first).toString(), 'one')
    peer.send('two', from, address)
    t.equal((await socket.read()).toString(), 'two')
  }
})

t.test('what is not read yet is kept, but not without end', async (t) => {
  const source = new EventEmitter()
  const socket = new UdpSocket(source as Socket, forever)
  for (let n = 0; n < 100; n++) source.emit('message', Buffer.from([n]))
  for (let n = 0; n < 64; n++) t.same(await socket.read(), Buffer.from([n]))
  const next = socket.read()
  source.emit('message', Buffer.from([200]))
  t.same(await next, Buffer.from([200]))
})

t.test('strangers are not heard', async (t) => {
  const { peer, port } = await listen(t)
  const { peer: stranger } = await listen(t)
  const socket = await connectUdp({ address: '127.0.0.1', port }, forever)
  t.teardown(() => socket.close())
  await new Promise((resolve) => stranger.send('not me', socket.localPort, '127.0.0.1', resolve))
  const reading = socket.read()
  peer.send('me', socket.localPort, '127.0.0.1')
  t.equal((await reading).toString(), 'me')
})

t.test('a port where nobody is refuses, in the next read', async (t) => {
  const { peer, port } = await listen(t)
  peer.close()
  await once(peer, 'close')
  const socket = await connectUdp({ address: '127.0.0.1', port }, forever)
  t.teardown(() => socket.close())
  const reading = socket.read()
  socket.send(Buffer.from('hello'))
  const error: unknown = await reading.catch((reason: unknown) => reason)
  t.ok(error instanceof SocketError)
  t.equal((error as SocketError).code, 'ECONNREFUSED')
  t.equal(await socket.read().catch((reason: unknown) => reason), error, 'and in every one after')
})

t.test('a local port that is taken is trouble of our own', async (t) => {
  const { peer, port } = await listen(t)
  const error: unknown = await connectUdp(
    { address: '127.0.0.1', port, localPort: port },
    forever,
  ).catch((reason: unknown) => reason)
  t.ok(error instanceof SocketError)
  t.match(error, { operation: 'bind', code: 'EADDRINUSE' })
  t.equal(peer.address().port, port)
})

t.test('a local port that is free is used', async (t) => {
  const { peer, port } = await listen(t)
  const { localPort, result: socket } = await withChosenPort((localPort) =>
    connectUdp({ address: '127.0.0.1', port, localPort }, forever),
  )
  t.teardown(() => socket.close())
  const arrived = heard(peer)
  socket.send(Buffer.from('hello'))
  t.equal((await arrived)[1].port, localPort)
})

t.test('an address that cannot be reached fails the connect', async (t) => {
  const error: unknown = await connectUdp({ address: '255.255.255.255', port: 9 }, forever).catch(
    (reason: unknown) => reason,
  )
  t.ok(error instanceof SocketError)
  t.match(error, { operation: 'connect', code: 'EACCES' })
})

t.test('the signal ends a wait, says the last words and frees the socket', async (t) => {
  const { peer, port } = await listen(t)
  const controller = new AbortController()
  const socket = await connectUdp({ address: '127.0.0.1', port }, controller.signal)
  socket.lastWords = () => [Buffer.from('bye')]
  const arrived = heard(peer)
  const reading = socket.read()
  controller.abort(new Error('enough'))
  await t.rejects(reading, { message: 'enough' })
  t.equal((await arrived)[0].toString(), 'bye')
  await t.rejects(socket.read(), { message: 'enough' })
  socket.send(Buffer.from('nobody hears this'))
  socket.close()
})

t.test('a signal that was aborted before, or meanwhile, is its reason', async (t) => {
  const early = AbortSignal.abort(new Error('too late'))
  await t.rejects(connectUdp({ address: '127.0.0.1', port: 9 }, early), { message: 'too late' })
  const controller = new AbortController()
  const connecting = connectUdp({ address: '127.0.0.1', port: 9 }, controller.signal)
  controller.abort(new Error('enough'))
  await t.rejects(connecting, { message: 'enough' })
})

t.test('two reads at once are a mistake', async (t) => {
  const { port } = await listen(t)
  const controller = new AbortController()
  const socket = await connectUdp({ address: '127.0.0.1', port }, controller.signal)
  const first = socket.read()
  await t.rejects(socket.read(), { message: 'a read is already under way' })
  controller.abort(new Error('enough'))
  await t.rejects(first, { message: 'enough' })
})
