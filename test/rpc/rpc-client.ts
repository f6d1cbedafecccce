import t from 'tap'
import { nullProcedure } from '../../src/rpc/call.ts'
import { authNone } from '../../src/rpc/credential.ts'
import { getPort, portmapper } from '../../src/rpc/portmap/get-port.ts'
import { RpcClient, type RpcTransport } from '../../src/rpc/rpc-client.ts'
import { RpcError } from '../../src/rpc/rpc-error.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { TcpTransport } from '../../src/rpc/tcp-transport.ts'
import { accepted, bytes, record, u32 } from '../helpers/rpc-bytes.ts'
import { tcpRpcServer } from '../helpers/rpc-server.ts'

/** A transport on which the test decides what comes in; room for the record mark is left out of what was sent. */
function scripted(incoming: (xid: number) => Buffer[]) {
  const sent: Buffer[] = []
  const onAbort: Buffer[][] = []
  const together: number[] = []
  const closed: string[] = []
  const transport: RpcTransport = {
    protocol: 'tcp',
    localPort: 700,
    exchange: async (message, take) => {
      sent.push(message.subarray(4))
      for (const reply of incoming(message.readUInt32BE(4))) {
        const result = take(reply)
        if (result !== undefined) return result
      }
      throw new Error('nothing more')
    },
    together: (begin) => {
      const before = sent.length
      const begun = begin()
      together.push(sent.length - before)
      return begun
    },
    leaveOnAbort: (prepare) => {
      onAbort.push([...(prepare?.() ?? [])])
    },
    close: (manner) => {
      closed.push(manner)
    },
  }
  return { transport, sent, onAbort, together, closed }
}

const wanted = { program: { number: 100_003, version: 3 }, protocol: 'tcp' } as const

t.test('a call is sent, and the results of its reply are read', async (t) => {
  const { transport, sent } = scripted((xid) => [accepted(xid, u32(2049))])
  const client = new RpcClient(transport, 41)
  t.equal(client.localPort, 700)
  t.equal(await client.call(portmapper, getPort, authNone, wanted), 2049)
  t.same(sent, [u32(41, 0, 2, 100_000, 2, 3, 0, 0, 0, 0, 100_003, 3, 6, 0)])
})

t.test('every call has an xid of its own, which goes round at 32 bits', async (t) => {
  const { transport, sent } = scripted((xid) => [accepted(xid, u32())])
  const client = new RpcClient(transport, 0xffffffff)
  await client.call(portmapper, nullProcedure, authNone, undefined)
  client.leaveOnAbort(() => [client.prepare(portmapper, nullProcedure, authNone, undefined)])
  await client.call(portmapper, nullProcedure, authNone, undefined)
  t.same(
    sent.map((message) => message.readUInt32BE(0)),
    [0xffffffff, 1],
  )
})

t.test('replies to old calls, and calls the other way, are passed over', async (t) => {
  const { transport } = scripted((xid) => [
    accepted(xid - 1, u32(1)),
    u32(xid, 0, 2, 1, 1, 1),
    accepted(xid + 1, u32(2)),
    accepted(xid, u32(2049)),
  ])
  const client = new RpcClient(transport, 41)
  t.equal(await client.call(portmapper, getPort, authNone, wanted), 2049)
})

t.test('a server that never answers the call at hand is refused', async (t) => {
  const { transport } = scripted((xid) =>
    Array.from({ length: 65 }, () => accepted(xid + 1, u32())),
  )
  const client = new RpcClient(transport, 41)
  await t.rejects(client.call(portmapper, getPort, authNone, wanted), MalformedError)
})

t.test('refusals and nonsense come out as what they are', async (t) => {
  const answer = async (reply: (xid: number) => Buffer) => {
    const client = new RpcClient(scripted((xid) => [reply(xid)]).transport, 41)
    return client.call(portmapper, getPort, authNone, wanted)
  }
  await t.rejects(
    answer((xid) => u32(xid, 1, 0, 0, 0, 1)),
    RpcError,
  )
  await t.rejects(
    answer((xid) => accepted(xid, u32())),
    MalformedError,
  )
  await t.rejects(
    answer((xid) => bytes(u32(xid), [0, 0])),
    MalformedError,
  )
})

t.test('messages that answer nothing are counted from the last answer on', async (t) => {
  const old = (count: number) => Array.from({ length: count }, () => record(accepted(7, u32())))
  const ask = async (beforeFirst: number, beforeSecond: number) => {
    const { port } = await tcpRpcServer(t, ({ xid }) => accepted(xid, u32(xid)), {
      deliver: (socket, reply) => {
        const strays = reply.readUInt32BE(4) === 41 ? beforeFirst : beforeSecond
        socket.write(bytes(...old(strays), reply))
      },
    })
    const { signal } = new AbortController()
    const transport = await TcpTransport.open({ address: '127.0.0.1', port }, signal)
    t.teardown(() => transport.close('abrupt'))
    const client = new RpcClient(transport, 41)
    const call = async () => client.call(portmapper, getPort, authNone, wanted)
    return Promise.allSettled(client.together(() => [call(), call()]))
  }
  t.match(await ask(64, 64), [{ value: 41 }, { value: 42 }])
  t.match(await ask(65, 0), [{ reason: MalformedError }, { reason: MalformedError }])
  t.match(await ask(0, 65), [{ value: 41 }, { reason: MalformedError }])
})

t.test(
  'calls that are made together are handed over together, each with its own reply',
  async (t) => {
    const { transport, together } = scripted((xid) => [accepted(xid, u32(xid))])
    const client = new RpcClient(transport, 41)
    const ask = async () => client.call(portmapper, getPort, authNone, wanted)
    t.same(await Promise.all(client.together(() => [ask(), ask()])), [41, 42])
    t.same(together, [2])
  },
)

t.test('last calls and the close go to the transport', async (t) => {
  const { transport, onAbort, closed } = scripted(() => [])
  const client = new RpcClient(transport, 41)
  client.leaveOnAbort(() => [client.prepare(portmapper, nullProcedure, authNone, undefined)])
  client.leaveOnAbort(undefined)
  client.close('orderly')
  t.same(onAbort, [[u32(0, 41, 0, 2, 100_000, 2, 0, 0, 0, 0, 0)], []])
  t.same(closed, ['orderly'])
})
