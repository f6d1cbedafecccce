import t from 'tap'
import { remove } from '../../../src/rpc/nfs3/remove.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, opaque, u32, wccData } from '../../helpers/rpc-bytes.ts'

t.test('REMOVE names an entry of a directory', async (t) => {
  t.equal(remove.number, 12)
  t.same(
    written((writer) => remove.encode(writer, { directory: Buffer.from('dir'), name: 'file' })),
    bytes(opaque('dir'), opaque('file')),
  )
  reads(t, remove, bytes(u32(0), wccData), undefined)
})
