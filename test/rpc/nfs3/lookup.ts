import t from 'tap'
import { lookup } from '../../../src/rpc/nfs3/lookup.ts'
import { XdrReader } from '../../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, fattr3, opaque, u32 } from '../../helpers/rpc-bytes.ts'

t.test('LOOKUP sends a directory and a name and gets a handle', async (t) => {
  t.equal(lookup.number, 3)
  t.same(
    written((writer) => lookup.encode(writer, { directory: Buffer.from('dir'), name: 'file' })),
    bytes(opaque('dir'), opaque('file')),
  )
  const found = bytes(u32(0), opaque('handle'), u32(1), fattr3, u32(0))
  reads(t, lookup, found, Buffer.from('handle'))
})

t.test('a handle of impossible length is refused', async (t) => {
  const tooLong = bytes(u32(0), opaque(Buffer.alloc(65)), u32(0, 0))
  t.throws(() => lookup.decode(new XdrReader(tooLong)), MalformedError)
})
