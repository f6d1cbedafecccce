import t from 'tap'
import { exchangeId } from '../../../src/rpc/nfs4/exchange-id.ts'
import { XdrReader } from '../../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, opaque, u32, u64 } from '../../helpers/rpc-bytes.ts'

const operation = exchangeId({ id: 'me', verifier: Buffer.from('verifier') })
const server = (protection: number, implementation: Buffer) =>
  bytes(
    u64(5n),
    u32(1, 0x20000, protection),
    u64(0n),
    opaque('major'),
    opaque('scope'),
    implementation,
  )

t.test('a client says who it is, and wants no state protection', async (t) => {
  t.equal(operation.number, 42)
  t.same(written(operation.encode), bytes(Buffer.from('verifier'), opaque('me'), u32(0, 0, 0)))
})

t.test('the answer is a client id, whether the server names itself or not', async (t) => {
  const expected = { clientId: 5n, sequenceId: 1 }
  reads(t, operation, server(0, u32(0)), expected)
  const named = bytes(u32(1), opaque('example.org'), opaque('server 1.0'), u64(0n), u32(0))
  reads(t, operation, server(0, named), expected)
})

t.test('state protection that nobody wanted is refused, and a second name', async (t) => {
  t.throws(() => operation.decode(new XdrReader(server(1, u32(0)))), MalformedError)
  t.throws(() => operation.decode(new XdrReader(server(0, u32(2)))), MalformedError)
})
