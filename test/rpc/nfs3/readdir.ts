import t from 'tap'
import { readdir } from '../../../src/rpc/nfs3/readdir.ts'
import { XdrReader } from '../../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, fattr3, opaque, u32, u64 } from '../../helpers/rpc-bytes.ts'

t.test('READDIR begins at the start of a directory', async (t) => {
  t.equal(readdir.number, 16)
  t.same(
    written((writer) => readdir.encode(writer, Buffer.from('dir'))),
    bytes(opaque('dir'), u64(0n), u64(0n), u32(4096)),
  )
})

t.test('the answer is a list of names', async (t) => {
  const head = bytes(u32(0, 1), fattr3, u64(9n))
  const entry = (name: string) => bytes(u32(1), u64(1n), opaque(name), u64(1n))
  reads(t, readdir, bytes(head, entry('.'), entry('file'), u32(0, 1)), ['.', 'file'])
  reads(t, readdir, bytes(u32(0, 0), u64(9n), u32(0, 1)), [])
})

t.test('a directory without an end is refused', async (t) => {
  const entry = bytes(u32(1), u64(1n), opaque(''), u64(1n))
  const endless = bytes(u32(0, 0), u64(9n), ...Array.from({ length: 4097 }, () => entry))
  t.throws(() => readdir.decode(new XdrReader(endless)), MalformedError)
})
