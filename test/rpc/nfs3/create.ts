import t from 'tap'
import { create } from '../../../src/rpc/nfs3/create.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, fattr3, opaque, u32, wccData } from '../../helpers/rpc-bytes.ts'

t.test('CREATE makes an empty file of mode 0600, whether there was one or not', async (t) => {
  t.equal(create.number, 8)
  t.same(
    written((writer) => create.encode(writer, { directory: Buffer.from('dir'), name: 'file' })),
    bytes(opaque('dir'), opaque('file'), u32(0, 1, 0o600, 0, 0, 1, 0, 0, 0, 0)),
  )
})

t.test('the answer may have the handle or not', async (t) => {
  const withHandle = bytes(u32(0, 1), opaque('new'), u32(1), fattr3, wccData)
  reads(t, create, withHandle, Buffer.from('new'))
  reads(t, create, u32(0, 0, 0, 0, 0), undefined)
})
