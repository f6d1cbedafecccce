import t from 'tap'
import { reclaimComplete, sequence } from '../../../src/rpc/nfs4/sequence.ts'
import { XdrReader } from '../../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, u32 } from '../../helpers/rpc-bytes.ts'

const sessionId = Buffer.from('0123456789abcdef')
const operation = sequence(sessionId, 3)

t.test('SEQUENCE counts the compounds of the one slot', async (t) => {
  t.equal(operation.number, 53)
  t.same(written(operation.encode), bytes(sessionId, u32(3, 0, 0, 0)))
  reads(t, operation, bytes(sessionId, u32(3, 0, 0, 0, 0)), undefined)
})

t.test('the answer to another SEQUENCE is refused', async (t) => {
  const other = Buffer.from('0123456789abcdeF')
  const wrong = [bytes(other, u32(3, 0)), bytes(sessionId, u32(2, 0)), bytes(sessionId, u32(3, 1))]
  for (const head of wrong) {
    const answer = bytes(head, u32(0, 0, 0))
    t.throws(() => operation.decode(new XdrReader(answer)), MalformedError)
  }
})

t.test('RECLAIM_COMPLETE is for all file systems', async (t) => {
  t.equal(reclaimComplete.number, 58)
  t.same(written(reclaimComplete.encode), u32(0))
  reads(t, reclaimComplete, u32(), undefined)
})
