import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import t, { type Test } from 'tap'
import { connectFirst } from '../../src/probe/connect-first.ts'
import { SocketError } from '../../src/wire/socket-error.ts'
import type { TcpConnection } from '../../src/wire/tcp.ts'
import { eventually } from '../helpers/eventually.ts'

async function listen(t: Test): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => {}))
  server.listen(0, '127.0.0.2')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return (server.address() as AddressInfo).port
}

t.test('connects to the first address that lets us', async (t) => {
  const port = await listen(t)
  const controller = new AbortController()
  t.teardown(() => controller.abort())
  const refusing = '127.0.0.3'
  const { tcp, address } = await connectFirst([refusing, '127.0.0.2'], port, controller.signal)
  t.equal(address, '127.0.0.2')
  tcp.close()
})

t.test('counts the first refusal when nobody lets us', async (t) => {
  const port = await listen(t)
  const { signal } = new AbortController()
  const refusal = { name: 'SocketError', operation: 'connect', code: 'ECONNREFUSED' }
  t.match(await connectFirst(['127.0.0.3'], port, signal).catch((e: unknown) => e), refusal)
  t.match(
    await connectFirst(['127.0.0.3', '127.0.0.4'], port, signal).catch((e: unknown) => e),
    refusal,
  )
})

t.test('counts a refusal before our own trouble, wherever it stands', async (t) => {
  const { signal } = new AbortController()
  const refused = new SocketError('connect', 'ECONNREFUSED', 111)
  const own = new SocketError('connect', 'EADDRNOTAVAIL', 99)
  const cases: [Error[], Error][] = [
    [[own, refused], refused],
    [[refused, own], refused],
    [[own, own], own],
  ]
  for (const [errors, wanted] of cases) {
    const left = [...errors]
    const connect = () => Promise.reject(left.shift() ?? new Error('asked once too often'))
    const failed = connectFirst(['10.0.0.1', '10.0.0.2'], 445, signal, connect)
    t.equal(await failed.catch((error: unknown) => error), wanted)
  }
})

t.test('goes no further once it is called off', async (t) => {
  const port = await listen(t)
  const controller = new AbortController()
  const reason = new Error('enough')
  const connecting = connectFirst(['127.0.0.3', '127.0.0.2'], port, controller.signal)
  controller.abort(reason)
  t.equal(await connecting.catch((error: unknown) => error), reason)
})

/** Addresses that keep silent for ever, or let us after a while; `called` tells which were tried. */
function silentAddresses(answers: Record<string, () => Promise<unknown>>) {
  const called: string[] = []
  const aborted: string[] = []
  const connect: Parameters<typeof connectFirst>[3] = async ({ address }, signal) => {
    called.push(address)
    signal.addEventListener('abort', () => aborted.push(address))
    const calledOff = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error))
    })
    return (await Promise.race([answers[address]?.() ?? calledOff, calledOff])) as TcpConnection
  }
  return { connect, called, aborted }
}

t.test('an address that is silent does not keep us from the next one', async (t) => {
  const { signal } = new AbortController()
  const tcp = { isConnection: true }
  const { connect, called, aborted } = silentAddresses({ two: () => Promise.resolve(tcp) })
  t.match(await connectFirst(['one', 'two', 'three'], 445, signal, connect), {
    address: 'two',
    tcp,
  })
  t.strictSame(called, ['one', 'two'])
  t.strictSame(aborted, ['one'], 'the other attempt is given up')
})

t.test('where all are silent, the deadline counts', async (t) => {
  const controller = new AbortController()
  const { connect, called } = silentAddresses({})
  const connecting = connectFirst(['one', 'two'], 445, controller.signal, connect)
  await eventually('both are tried', () => called.length === 2)
  const reason = new Error('the deadline')
  controller.abort(reason)
  t.equal(await connecting.catch((error: unknown) => error), reason)
})

t.test('one that refuses late is no reason to give up those that have not answered', async (t) => {
  const { signal } = new AbortController()
  const refused = new SocketError('connect', 'ECONNREFUSED', 111)
  let answer: (tcp: unknown) => void = () => {}
  const late = new Promise((resolve) => (answer = resolve))
  const { connect, called } = silentAddresses({
    one: () => late,
    two: () => Promise.reject(refused),
  })
  const connecting = connectFirst(['one', 'two'], 445, signal, connect)
  await eventually('both are tried', () => called.length === 2)
  answer({ isConnection: true })
  t.match(await connecting, { address: 'one' })
})
