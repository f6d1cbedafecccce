import t from 'tap'
import { write } from '../../../src/rpc/nfs3/write.ts'
import { XdrReader } from '../../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, opaque, u32, u64, wccData } from '../../helpers/rpc-bytes.ts'

t.test('WRITE wants its bytes on the disk, and is told how many are', async (t) => {
  t.equal(write.number, 7)
  const data = Buffer.from('hello')
  t.same(
    written((writer) => write.encode(writer, { handle: Buffer.from('file'), data })),
    bytes(opaque('file'), u64(0n), u32(5, 2), opaque('hello')),
  )
  reads(t, write, bytes(u32(0), wccData, u32(5, 2), u64(1n)), 5)
})

t.test('data that is committed in no known way is refused', async (t) => {
  reads(t, write, bytes(u32(0), wccData, u32(5, 0), u64(1n)), 5)
  for (const committed of [3, 0xffff_ffff]) {
    const answer = bytes(u32(0), wccData, u32(5, committed), u64(1n))
    t.throws(() => write.decode(new XdrReader(answer)), MalformedError)
  }
})
