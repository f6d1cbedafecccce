import { once } from 'node:events'
import { getuid } from 'node:process'
import t from 'tap'
import { NfsConnections } from '../../src/probe/nfs-connections.ts'
import { nullProcedure } from '../../src/rpc/call.ts'
import { authNone } from '../../src/rpc/credential.ts'
import type { RpcClient } from '../../src/rpc/rpc-client.ts'
import { amply } from '../helpers/deadline.ts'
import { deafPort } from '../helpers/deaf-port.ts'
import { accepted, u32 } from '../helpers/rpc-bytes.ts'
import { tcpRpcServer, udpRpcServer } from '../helpers/rpc-server.ts'

const program = { number: 100_003, version: 3 }
const answer = ({ xid }: { xid: number }) => accepted(xid, u32())
const callNull = (client: RpcClient) => client.call(program, nullProcedure, authNone, undefined)
const reach = { address: '127.0.0.1', transport: 'tcp', privileged: false } as const
const needsRoot = { skip: getuid?.() === 0 ? false : 'needs root' }

t.test('a port is connected to once, however often it is wanted', async (t) => {
  const server = await tcpRpcServer(t, answer)
  const connections = new NfsConnections(reach, amply())
  t.teardown(() => connections.close(true))
  const client = await connections.open(server.port)
  await callNull(client)
  t.equal(await connections.open(server.port), client)
  t.equal(server.sockets.length, 1)
  t.ok(client.localPort >= 1024)
})

t.test('one reserved port serves all ports of the server', needsRoot, async (t) => {
  const [one, other] = [await tcpRpcServer(t, answer), await tcpRpcServer(t, answer)]
  const connections = new NfsConnections({ ...reach, privileged: true }, amply())
  t.teardown(() => connections.close(true))
  const first = await connections.open(one.port)
  const second = await connections.open(other.port)
  await callNull(first)
  await callNull(second)
  t.ok(first.localPort >= 512 && first.localPort < 1024, `${first.localPort}`)
  t.equal(second.localPort, first.localPort)
})

t.test('reserved ports are free again after every check', needsRoot, async (t) => {
  const server = await tcpRpcServer(t, answer)
  for (let check = 0; check < 700; check++) {
    const connections = new NfsConnections({ ...reach, privileged: true }, amply())
    await callNull(await connections.open(server.port))
    connections.close(true)
  }
  t.equal(server.calls.length, 700, 'more checks than there are ports')
})

t.test('out of order every port is free for certain, and the server sees a reset', async (t) => {
  const server = await tcpRpcServer(t, answer)
  const connections = new NfsConnections(reach, amply())
  await callNull(await connections.open(server.port))
  const [socket] = server.sockets
  if (socket === undefined) throw new Error('no connection')
  const failed = once(socket, 'error')
  connections.close(false)
  t.match(await failed, [{ code: 'ECONNRESET' }])
})

t.test('where ports are scarce they are freed for certain', needsRoot, async (t) => {
  const server = await tcpRpcServer(t, answer)
  const held: NfsConnections[] = []
  t.teardown(() => {
    for (const connections of held) connections.close(true)
  })
  const manners: string[] = []
  for (let check = 0; check < 200; check++) {
    const connections = new NfsConnections({ ...reach, privileged: true }, amply())
    held.push(connections)
    await callNull(await connections.open(server.port))
  }
  for (const [index, socket] of server.sockets.entries()) {
    socket.on('end', () => (manners[index] ??= 'end'))
    socket.on('error', () => (manners[index] ??= 'reset'))
  }
  for (const connections of held.splice(0)) connections.close(true)
  while (Object.keys(manners).length < 200) await new Promise((resolve) => setImmediate(resolve))
  t.ok(manners.includes('end'), 'the first had free choice')
  t.ok(manners.includes('reset'), 'some of the later met ports that were taken')
})

t.test('UDP is a socket for each port', async (t) => {
  const server = await udpRpcServer(t, answer)
  const connections = new NfsConnections({ ...reach, transport: 'udp' }, amply())
  t.teardown(() => connections.close(true))
  await callNull(await connections.open(server.port))
  t.equal(server.calls.length, 1)
})

t.test('the signal ends every wait', async (t) => {
  const server = await tcpRpcServer(t, () => undefined)
  const controller = new AbortController()
  const connections = new NfsConnections(reach, controller.signal)
  const waiting = callNull(await connections.open(server.port))
  controller.abort(new Error('enough'))
  await t.rejects(waiting, { message: 'enough' })
  connections.close(true)
})

t.test('closing ends a connecting that nobody waits for any more', async (t) => {
  const port = await deafPort(t)
  const connections = new NfsConnections(reach, amply(), true)
  const connecting = connections.open(port)
  connections.close(true)
  await t.rejects(connecting, { name: 'AbortError' })
})
