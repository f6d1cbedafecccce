import t from 'tap'
import { readdirplus } from '../../../src/rpc/nfs3/readdirplus.ts'
import { XdrReader } from '../../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, fattr3, opaque, u32, u64 } from '../../helpers/rpc-bytes.ts'

t.test('READDIRPLUS begins at the start of a directory', async (t) => {
  t.equal(readdirplus.number, 17)
  t.same(
    written((writer) => readdirplus.encode(writer, Buffer.from('dir'))),
    bytes(opaque('dir'), u64(0n), u64(0n), u32(4096, 16_384)),
  )
})

t.test('the answer is a list of names, with or without what stands beside them', async (t) => {
  const head = bytes(u32(0, 1), fattr3, u64(9n))
  const full = bytes(u32(1), u64(1n), opaque('.'), u64(1n), u32(1), fattr3, u32(1), opaque('h'))
  const bare = bytes(u32(1), u64(2n), opaque('file'), u64(2n), u32(0, 0))
  reads(t, readdirplus, bytes(head, full, bare, u32(0, 1)), ['.', 'file'])
  reads(t, readdirplus, bytes(u32(0, 0), u64(9n), u32(0, 1)), [])
})

t.test('a directory without an end is refused', async (t) => {
  const entry = bytes(u32(1), u64(1n), opaque(''), u64(1n), u32(0, 0))
  const endless = bytes(u32(0, 0), u64(9n), ...Array.from({ length: 4097 }, () => entry))
  t.throws(() => readdirplus.decode(new XdrReader(endless)), MalformedError)
})
