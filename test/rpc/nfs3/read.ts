import t from 'tap'
import { read } from '../../../src/rpc/nfs3/read.ts'
import { XdrReader } from '../../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, fattr3, opaque, u32, u64 } from '../../helpers/rpc-bytes.ts'

t.test('READ asks for the start of a file and gets its bytes', async (t) => {
  const procedure = read(4096)
  t.equal(procedure.number, 6)
  t.same(
    written((writer) => procedure.encode(writer, Buffer.from('file'))),
    bytes(opaque('file'), u64(0n), u32(4096)),
  )
  const answer = bytes(u32(0, 1), fattr3, u32(5, 1), opaque('hello'))
  reads(t, procedure, answer, Buffer.from('hello'))
})

t.test('far more bytes than any check asks for are refused', async (t) => {
  const tooMany = bytes(u32(0, 0, 65_537, 1), opaque(Buffer.alloc(65_537)))
  t.throws(() => read(0xffff_ffff).decode(new XdrReader(tooMany)), MalformedError)
})

t.test('a count that is not that of the bytes is refused', async (t) => {
  for (const count of [0, 4, 6, 0xffff_ffff]) {
    const answer = bytes(u32(0, 0, count, 1), opaque('hello'))
    t.throws(() => read(4096).decode(new XdrReader(answer)), MalformedError)
  }
})

t.test('a byte more than was asked for is refused, and so is nothing before the end', async (t) => {
  const hello = bytes(u32(0, 0, 5, 0), opaque('hello'))
  reads(t, read(5), hello, Buffer.from('hello'))
  t.throws(() => read(4).decode(new XdrReader(hello)), MalformedError)
  reads(t, read(5), bytes(u32(0, 0, 0, 1), opaque('')), Buffer.alloc(0))
  const nothing = bytes(u32(0, 0, 0, 0), opaque(''))
  t.throws(() => read(5).decode(new XdrReader(nothing)), MalformedError)
})
