import t, { type Test } from 'tap'
import { findPort } from '../../../src/rpc/portmap/find-port.ts'
import { RpcClient } from '../../../src/rpc/rpc-client.ts'
import { RpcError } from '../../../src/rpc/rpc-error.ts'
import { TcpTransport } from '../../../src/rpc/tcp-transport.ts'
import { accepted, opaque, u32 } from '../../helpers/rpc-bytes.ts'
import { type Call, tcpRpcServer } from '../../helpers/rpc-server.ts'

const program = { number: 100_003, version: 3 }
const mismatch = (xid: number, low: number, high: number) => u32(xid, 1, 0, 0, 0, 2, low, high)

async function ask(
  t: Test,
  address: string,
  answer: (call: Call) => Buffer,
  protocol: 'tcp' | 'udp' = 'tcp',
) {
  const { port, calls } = await tcpRpcServer(t, answer)
  const signal = new AbortController().signal
  const transport = await TcpTransport.open({ address: '127.0.0.1', port }, signal)
  t.teardown(() => transport.close('abrupt'))
  const found = findPort(new RpcClient(transport, 1), address, program, protocol)
  const result = await found.catch((error: unknown) => error)
  const asked = calls.map(({ version, args }) => {
    const netid = version === 2 ? '' : args.subarray(12, 12 + args.readUInt32BE(8)).toString()
    return `${version} ${netid}`.trim()
  })
  return { result, asked }
}

t.test('the old portmapper is asked first for IPv4', async (t) => {
  const { result, asked } = await ask(t, '10.0.0.1', ({ xid }) => accepted(xid, u32(2049)))
  t.equal(result, 2049)
  t.same(asked, ['2'])
})

t.test('rpcbind is asked where version 2 is missing', async (t) => {
  const four = await ask(t, '10.0.0.1', ({ xid, version }) =>
    version === 2 ? mismatch(xid, 3, 4) : accepted(xid, opaque('0.0.0.0.8.1')),
  )
  t.equal(four.result, 2049)
  t.same(four.asked, ['2', '4 tcp'])
  const three = await ask(
    t,
    '10.0.0.1',
    ({ xid, version }) =>
      version === 3 ? accepted(xid, opaque('0.0.0.0.8.1')) : mismatch(xid, 3, 3),
    'udp',
  )
  t.equal(three.result, 2049)
  t.same(three.asked, ['2', '4 udp', '3 udp'])
})

t.test('rpcbind alone knows IPv6', async (t) => {
  const answer = ({ xid }: Call) => accepted(xid, opaque('::.8.1'))
  const { result, asked } = await ask(t, 'fd00::1', answer)
  t.equal(result, 2049)
  t.same(asked, ['4 tcp6'])
  t.same((await ask(t, 'fd00::1', answer, 'udp')).asked, ['4 udp6'])
})

t.test('a program that is not registered is named', async (t) => {
  const { result } = await ask(t, '10.0.0.1', ({ xid }) => accepted(xid, u32(0)))
  t.ok(result instanceof RpcError)
  t.same((result as RpcError).refusal, {
    kind: 'program-not-registered',
    program: 100_003,
    version: 3,
  })
})

t.test('other refusals are not gone round', async (t) => {
  const { result, asked } = await ask(t, '10.0.0.1', ({ xid }) => u32(xid, 1, 1, 1, 5))
  t.match(result, { refusal: { kind: 'auth-error' } })
  t.same(asked, ['2'])
})
