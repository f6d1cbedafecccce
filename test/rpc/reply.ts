import t from 'tap'
import { openResults, replyTo } from '../../src/rpc/reply.ts'
import { RpcError, type RpcRefusal } from '../../src/rpc/rpc-error.ts'
import { XdrReader } from '../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { accepted, bytes, opaque, u32 } from '../helpers/rpc-bytes.ts'

t.test('a reply is known by its xid and its direction', async (t) => {
  t.equal(replyTo(7, accepted(7, u32()))?.at, 8)
  t.equal(replyTo(8, accepted(7, u32())), undefined, 'of another call')
  t.equal(replyTo(7, u32(7, 0, 2)), undefined, 'a call the other way')
  t.throws(() => replyTo(7, u32(7, 2)), MalformedError, 'a third direction')
  for (let length = 0; length < 8; length++) {
    t.throws(() => replyTo(7, u32(7, 1).subarray(0, length)), MalformedError, `${length} bytes`)
  }
})

t.test('the results begin after the verifier', async (t) => {
  const reader = new XdrReader(bytes(u32(0, 1), opaque('abc'), u32(0, 42)))
  openResults(reader)
  t.equal(reader.u32(), 42)
})

const refusals: [Buffer, RpcRefusal][] = [
  [u32(1, 0, 2, 3), { kind: 'rpc-version-mismatch', low: 2, high: 3 }],
  [u32(1, 1, 5), { kind: 'auth-error', why: 5 }],
  [u32(0, 0, 0, 1), { kind: 'program-unavailable' }],
  [u32(0, 0, 0, 2, 3, 4), { kind: 'version-mismatch', low: 3, high: 4 }],
  [u32(0, 0, 0, 3), { kind: 'procedure-unavailable' }],
  [u32(0, 0, 0, 4), { kind: 'garbage-arguments' }],
  [u32(0, 0, 0, 5), { kind: 'system-error' }],
]

for (const [body, refusal] of refusals) {
  t.test(`refusal by ${refusal.kind}, and by no part of it`, async (t) => {
    try {
      openResults(new XdrReader(body))
      t.fail('was taken')
    } catch (error) {
      t.ok(error instanceof RpcError)
      t.same((error as RpcError).refusal, refusal)
    }
    for (let length = 0; length < body.length; length++) {
      t.throws(() => openResults(new XdrReader(body.subarray(0, length))), MalformedError)
    }
  })
}

t.test('statuses that do not exist are refused', async (t) => {
  for (const body of [u32(2), u32(1, 2), u32(0, 0, 0, 6), bytes(u32(0, 1), u32(401))]) {
    t.throws(() => openResults(new XdrReader(body)), MalformedError)
  }
})
