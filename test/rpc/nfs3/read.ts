import t from 'tap'
import { read } from '../../../src/rpc/nfs3/read.ts'
import { XdrReader } from '../../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, fattr3, opaque, u32, u64 } from '../../helpers/rpc-bytes.ts'

t.test('READ asks for the start of a file and gets its bytes', async (t) => {
  t.equal(read.number, 6)
  t.same(
    written((writer) => read.encode(writer, { handle: Buffer.from('file'), maxBytes: 4096 })),
    bytes(opaque('file'), u64(0n), u32(4096)),
  )
  const answer = bytes(u32(0, 1), fattr3, u32(5, 1), opaque('hello'))
  reads(t, read, answer, Buffer.from('hello'))
})

t.test('far more bytes than were asked for are refused', async (t) => {
  const tooMany = bytes(u32(0, 0, 65_537, 1), opaque(Buffer.alloc(65_537)))
  t.throws(() => read.decode(new XdrReader(tooMany)), MalformedError)
})

t.test('a count that is not that of the bytes is refused', async (t) => {
  for (const count of [0, 4, 6, 0xffff_ffff]) {
    const answer = bytes(u32(0, 0, count, 1), opaque('hello'))
    t.throws(() => read.decode(new XdrReader(answer)), MalformedError)
  }
})
