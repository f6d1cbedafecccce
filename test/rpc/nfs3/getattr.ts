import t from 'tap'
import { getattr } from '../../../src/rpc/nfs3/getattr.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, fattr3, opaque, u32 } from '../../helpers/rpc-bytes.ts'

t.test('GETATTR sends a handle and gets attributes', async (t) => {
  t.equal(getattr.number, 1)
  t.same(
    written((writer) => getattr.encode(writer, Buffer.from('handle'))),
    opaque('handle'),
  )
  reads(t, getattr, bytes(u32(0), fattr3), { type: 2, size: 4096n, fileId: 7n })
})
