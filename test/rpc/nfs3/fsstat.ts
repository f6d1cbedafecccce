import t from 'tap'
import { fsstat } from '../../../src/rpc/nfs3/fsstat.ts'
import { XdrReader } from '../../../src/rpc/xdr-reader.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, fattr3, opaque, u32, u64 } from '../../helpers/rpc-bytes.ts'

const sizes = bytes(u64(1000n), u64(400n), u64(300n), u64(9n), u64(8n), u64(7n), u32(0))

t.test('FSSTAT sends the root and gets what there is, and what is left for us', async (t) => {
  t.equal(fsstat.number, 18)
  t.same(
    written((writer) => fsstat.encode(writer, Buffer.from('root'))),
    opaque('root'),
  )
  const expected = { totalBytes: 1000, freeBytes: 300 }
  reads(t, fsstat, bytes(u32(0, 1), fattr3, sizes), expected)
  reads(t, fsstat, bytes(u32(0, 0), sizes), expected)
})

t.test('a status is passed on', async (t) => {
  t.throws(() => fsstat.decode(new XdrReader(bytes(u32(70, 0)))), { name: 'Nfs3Error' })
})
