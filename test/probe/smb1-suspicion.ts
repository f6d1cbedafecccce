import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { offersOnlySmb1 } from '../../src/probe/smb1-suspicion.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { SocketError } from '../../src/wire/socket-error.ts'

const { signal } = new AbortController()
const hungUp = SocketError.closedByPeer()

async function serve(t: Test, onData: (socket: Socket, data: Buffer) => void) {
  let connections = 0
  const server = createServer((socket) => {
    connections++
    socket.on('error', () => {})
    socket.on('data', (data: Buffer) => onData(socket, data))
    t.teardown(() => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const target = { address: '127.0.0.1', port, callingName: undefined as string | undefined }
  return { target, connections: () => connections }
}

const smb1 = Buffer.from('00000005ff534d4272', 'hex')
const smb2 = Buffer.from('00000005fe534d4240', 'hex')

t.test('asks a server that hung up, and believes it', async (t) => {
  for (const [answer, wanted] of [
    [smb1, true],
    [smb2, false],
  ] as const) {
    const { target } = await serve(t, (socket) => socket.write(answer))
    t.equal(await offersOnlySmb1(hungUp, target, signal), wanted)
  }
})

t.test('opens a NetBIOS session first where there is one', async (t) => {
  const { target } = await serve(t, (socket, data) => {
    socket.write(data[0] === 0x81 ? Buffer.from('82000000', 'hex') : smb1)
  })
  t.equal(await offersOnlySmb1(hungUp, { ...target, callingName: 'HOST' }, signal), true)
})

t.test('does not ask a server that did not hang up', async (t) => {
  const { target, connections } = await serve(t, (socket) => socket.write(smb1))
  const others = [
    new MalformedError('x'),
    new SocketError('receive', 'ETIMEDOUT', 110),
    new Error('a bug'),
  ]
  for (const error of others) t.equal(await offersOnlySmb1(error, target, signal), false)
  t.equal(connections(), 0)
})

t.test('leaves it at the first failure when the question goes wrong as well', async (t) => {
  const closing = await serve(t, (socket) => socket.end())
  t.equal(await offersOnlySmb1(hungUp, closing.target, signal), false)
  const nonsense = await serve(t, (socket) => socket.write('HTTP/1.1 400'))
  t.equal(await offersOnlySmb1(hungUp, nonsense.target, signal), false)
  const nobody = { address: '127.0.0.1', port: 1, callingName: undefined }
  t.equal(await offersOnlySmb1(hungUp, nobody, signal), false)
})

t.test('ends with the check', async (t) => {
  const controller = new AbortController()
  const silent = await serve(t, () => controller.abort())
  t.equal(await offersOnlySmb1(hungUp, silent.target, controller.signal), false)
})
