import t from 'tap'
import { readdir } from '../../../src/rpc/nfs4/readdir.ts'
import { XdrReader } from '../../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, opaque, u32, u64 } from '../../helpers/rpc-bytes.ts'

const entry = (name: string) => bytes(u32(1), u64(1n), opaque(name), u32(1, 2), opaque(u32(1)))

t.test('READDIR begins at the start of a directory', async (t) => {
  t.equal(readdir.number, 26)
  t.same(written(readdir.encode), bytes(u64(0n), u64(0n), u32(4096, 16_384, 1, 0x802)))
})

t.test('the answer is a list of names', async (t) => {
  reads(t, readdir, bytes(u64(9n), entry('a'), entry('bc'), u32(0, 1)), ['a', 'bc'])
  reads(t, readdir, bytes(u64(9n), u32(0, 1)), [])
})

t.test('a directory without an end is refused', async (t) => {
  const endless = bytes(u64(9n), ...Array.from({ length: 4097 }, () => entry('')))
  t.throws(() => readdir.decode(new XdrReader(endless)), MalformedError)
})
