import t from 'tap'
import { getattr } from '../../../src/rpc/nfs4/getattr.ts'
import { XdrReader } from '../../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, opaque, u32 } from '../../helpers/rpc-bytes.ts'

t.test('GETATTR asks for the type and gets it', async (t) => {
  t.equal(getattr.number, 9)
  t.same(written(getattr.encode), u32(1, 2))
  reads(t, getattr, bytes(u32(1, 2), opaque(u32(2))), 2)
  reads(t, getattr, bytes(u32(2, 2, 0), opaque(u32(1))), 1)
})

t.test('other attributes, or none, are refused', async (t) => {
  for (const bitmap of [u32(0), u32(1, 0), u32(1, 3), u32(2, 2, 1)]) {
    const answer = bytes(bitmap, opaque(u32(2)))
    t.throws(() => getattr.decode(new XdrReader(answer)), MalformedError)
  }
})

t.test('a type that there is not is refused', async (t) => {
  for (const type of [0, 10, 0xffff_ffff]) {
    const answer = bytes(u32(1, 2), opaque(u32(type)))
    t.throws(() => getattr.decode(new XdrReader(answer)), MalformedError)
  }
  reads(t, getattr, bytes(u32(1, 2), opaque(u32(9))), 9)
})
