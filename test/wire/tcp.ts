import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { SocketError } from '../../src/wire/socket-error.ts'
import { connectTcp } from '../../src/wire/tcp.ts'
import { withChosenPort } from '../helpers/with-chosen-port.ts'

type Listening = { server: Server; port: number; accepted: Promise<Socket> }

async function listen(t: Test, onSocket?: (socket: Socket) => void): Promise<Listening> {
  const server = createServer({ allowHalfOpen: true })
  const accepted = new Promise<Socket>((resolve) => {
    server.on('connection', (socket) => {
      socket.on('error', () => {})
      onSocket?.(socket)
      resolve(socket)
      t.teardown(() => socket.destroy())
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return { server, port: (server.address() as AddressInfo).port, accepted }
}

const forever = new AbortController().signal

t.test('exactly the bytes asked for are read, however they arrive', async (t) => {
  const { port, accepted } = await listen(t)
  const connection = await connectTcp({ address: '127.0.0.1', port }, forever)
  const peer = await accepted
  peer.setNoDelay(true)
  const reading = connection.read(4)
  for (const byte of 'abcdefgh') peer.write(byte)
  t.equal((await reading).toString(), 'abcd')
  t.equal((await connection.read(3)).toString(), 'efg')
  t.equal((await connection.read(0)).toString(), '')
  t.equal((await connection.read(1)).toString(), 'h')
  t.equal(connection.readNow(1), undefined, 'what has not come is not there')
  peer.write('ijk')
  t.equal((await connection.read(1)).toString(), 'i')
  t.equal(connection.readNow(2)?.toString(), 'jk')
  t.equal(connection.localAddress, '127.0.0.1')
  t.equal(connection.localPort, peer.remotePort)
  connection.close()
})

t.test('what has come by now can be had at once, and is then gone', async (t) => {
  const { port, accepted } = await listen(t)
  const connection = await connectTcp({ address: '127.0.0.1', port }, forever)
  t.equal(connection.readNow(1), undefined)
  t.equal(connection.readNow(0)?.length, 0)
  ;(await accepted).write('abcdef')
  t.equal((await connection.read(2)).toString(), 'ab')
  t.equal(connection.readNow(5), undefined, 'and nothing of too little')
  t.equal(connection.readNow(3)?.toString(), 'cde')
  t.equal(connection.readNow(0)?.length, 0)
  t.equal(connection.readNow(1)?.toString(), 'f')
  t.equal(connection.readNow(1), undefined)
  connection.close()
})

t.test('what is sent arrives, and close ends it in good order', async (t) => {
  const { port, accepted } = await listen(t)
  const connection = await connectTcp({ address: '127.0.0.1', port }, forever)
  const peer = await accepted
  const chunks: Buffer[] = []
  peer.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = once(peer, 'end')
  connection.send(Buffer.from('hello '))
  connection.send(Buffer.from('world'))
  connection.close()
  await ended
  t.equal(Buffer.concat(chunks).toString(), 'hello world')
})

t.test('a reset reaches the peer as one', async (t) => {
  const { port, accepted } = await listen(t)
  const connection = await connectTcp({ address: '127.0.0.1', port }, forever)
  const peer = await accepted
  const failed = once(peer, 'error')
  peer.resume()
  connection.reset()
  t.match(await failed, [{ code: 'ECONNRESET' }])
})

t.test('a release is an end in good order, after which the port is free at once', async (t) => {
  const { port, accepted } = await listen(t)
  const { localPort, result: connection } = await withChosenPort((localPort) =>
    connectTcp({ address: '127.0.0.1', port, localPort }, forever),
  )
  const peer = await accepted
  const ended = once(peer, 'end')
  peer.resume()
  connection.send(Buffer.from('bye'))
  connection.release()
  await ended
  const again = await connectTcp({ address: '127.0.0.1', port, localPort }, forever)
  t.equal(again.localPort, localPort)
  again.reset()
})

t.test('last words are sent when the signal aborts, and an end after them', async (t) => {
  const { port, accepted } = await listen(t)
  const controller = new AbortController()
  const connection = await connectTcp({ address: '127.0.0.1', port }, controller.signal)
  const peer = await accepted
  const chunks: Buffer[] = []
  peer.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = once(peer, 'end')
  connection.lastWords = () => Buffer.from('farewell')
  controller.abort(new Error('enough'))
  await ended
  t.equal(Buffer.concat(chunks).toString(), 'farewell')
})

t.test('a chosen port is freed by the abort at once, with a reset', async (t) => {
  const one = await listen(t)
  const controller = new AbortController()
  const { localPort } = await withChosenPort((localPort) =>
    connectTcp({ address: '127.0.0.1', port: one.port, localPort }, controller.signal),
  )
  const peer = await one.accepted
  t.equal(peer.remotePort, localPort)
  const failed = once(peer, 'error')
  peer.resume()
  controller.abort(new Error('enough'))
  t.match(await failed, [{ code: 'ECONNRESET' }])

  const other = await listen(t)
  const again = await connectTcp({ address: '127.0.0.1', port: other.port, localPort }, forever)
  t.equal(again.localPort, localPort)
  again.reset()
})

t.test('a socket whose peer has just ended is freed, however it is closed', async (t) => {
  const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap')
  for (const manner of ['reset', 'release', 'close', 'abort'] as const) {
    const { port, accepted } = await listen(t, (socket) => socket.end())
    const controller = new AbortController()
    const { result: connection } = await withChosenPort((localPort) =>
      connectTcp({ address: '127.0.0.1', port, localPort }, controller.signal),
    )
    await t.rejects(connection.read(1), { code: 'EOF' })
    if (manner === 'abort') controller.abort()
    else connection[manner]()
    ;(await accepted).destroy()
    while (sockets().length > 0) await new Promise((resolve) => setImmediate(resolve))
    t.pass(`after ${manner}`)
  }
})

t.test('bytes that came before the end are read, then the end shows', async (t) => {
  const { port } = await listen(t, (socket) => socket.end('ab'))
  const connection = await connectTcp({ address: '127.0.0.1', port }, forever)
  t.equal((await connection.read(2)).toString(), 'ab')
  await t.rejects(connection.read(1), { operation: 'receive', code: 'EOF', errno: 0 })
  connection.send(Buffer.from('into the void'))
  await t.rejects(connection.read(1), SocketError, 'and stays')
})

t.test('a peer that resets makes the waiting read fail with its number', async (t) => {
  const { port, accepted } = await listen(t)
  const connection = await connectTcp({ address: '127.0.0.1', port }, forever)
  const reading = connection.read(1)
  ;(await accepted).resetAndDestroy()
  await t.rejects(reading, { operation: 'receive', code: 'ECONNRESET', errno: 104 })
})

t.test('a port where nobody listens is a refused connection', async (t) => {
  const { server, port } = await listen(t)
  await new Promise((resolve) => server.close(resolve))
  await t.rejects(connectTcp({ address: '127.0.0.1', port }, forever), {
    operation: 'connect',
    code: 'ECONNREFUSED',
    errno: 111,
  })
})

t.test('the local port can be chosen, and one that is taken is a failure to bind', async (t) => {
  const { port } = await listen(t)
  const taken = await listen(t)
  await t.rejects(connectTcp({ address: '127.0.0.1', port, localPort: taken.port }, forever), {
    operation: 'bind',
    code: 'EADDRINUSE',
  })
  const { localPort, result: first } = await withChosenPort((localPort) =>
    connectTcp({ address: '127.0.0.1', port, localPort }, forever),
  )
  t.equal(first.localPort, localPort)
  first.reset()
  const again = await connectTcp({ address: '127.0.0.1', port, localPort }, forever)
  t.equal(again.localPort, localPort, 'a port that was reset is free at once')
  again.reset()
})

t.test('an abort ends the connecting, the waiting and the connection', async (t) => {
  const { port, accepted } = await listen(t)
  const reason = new Error('enough')
  await t.rejects(connectTcp({ address: '127.0.0.1', port }, AbortSignal.abort(reason)), reason)

  const connecting = new AbortController()
  const never = connectTcp({ address: '127.0.0.1', port }, connecting.signal)
  connecting.abort(reason)
  await t.rejects(never, reason)

  const controller = new AbortController()
  const connection = await connectTcp({ address: '127.0.0.1', port }, controller.signal)
  await accepted
  const reading = connection.read(1)
  controller.abort(reason)
  await t.rejects(reading, reason)
  await t.rejects(connection.read(1), reason, 'and nothing can be read after it')
})

t.test('only one read may wait at a time', async (t) => {
  const { port } = await listen(t)
  const controller = new AbortController()
  const connection = await connectTcp({ address: '127.0.0.1', port }, controller.signal)
  const first = connection.read(1)
  await t.rejects(connection.read(1), { message: 'a read is already under way' })
  controller.abort()
  await t.rejects(first)
})

t.test('a peer that floods is held back, and nothing of it is lost', async (t) => {
  const total = 8 * 1024 * 1024
  const { port, accepted } = await listen(t)
  const connection = await connectTcp({ address: '127.0.0.1', port }, forever)
  const peer = await accepted
  peer.write(Buffer.alloc(total, 'x'))
  const before = process.memoryUsage().arrayBuffers
  t.equal((await connection.read(1)).toString(), 'x')
  // Whatever the machine's pace: the peer cannot have handed over everything while nobody reads.
  await new Promise((resolve) => setImmediate(resolve))
  t.ok(process.memoryUsage().arrayBuffers - before < total, 'not all of it is held here')
  t.ok(peer.writableLength > 0, 'the peer is still waiting')
  t.equal((await connection.read(total - 1)).length, total - 1)
  connection.close()
})
