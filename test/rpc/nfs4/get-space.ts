import t from 'tap'
import { getSpace } from '../../../src/rpc/nfs4/get-space.ts'
import { XdrReader } from '../../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, opaque, u32, u64 } from '../../helpers/rpc-bytes.ts'

const avail = 1 << 10
const free = 1 << 11
const total = 1 << 12

t.test('GETATTR asks for the space, and gets what there is', async (t) => {
  t.strictSame([getSpace.number, getSpace.name], [9, 'GETATTR'])
  t.same(written(getSpace.encode), u32(2, 0, avail | free | total))
  const all = opaque(bytes(u64(300n), u64(400n), u64(1000n)))
  reads(t, getSpace, bytes(u32(2, 0, avail | free | total), all), {
    totalBytes: 1000,
    freeBytes: 300,
  })
})

t.test('a server need not know all of it, or any', async (t) => {
  const some = opaque(bytes(u64(400n), u64(1000n)))
  reads(t, getSpace, bytes(u32(2, 0, free | total), some), { totalBytes: 1000, freeBytes: 400 })
  reads(t, getSpace, bytes(u32(2, 0, total), opaque(u64(1000n))), { totalBytes: 1000 })
  reads(t, getSpace, bytes(u32(0), opaque('')), {})
})

t.test('other attributes than were asked for are refused', async (t) => {
  for (const bitmap of [u32(1, 2), u32(2, 2, avail), u32(2, 0, avail | 1), u32(3, 0, avail, 1)]) {
    const answer = bytes(bitmap, opaque(bytes(u64(1n), u64(1n))))
    t.throws(() => getSpace.decode(new XdrReader(answer)), MalformedError)
  }
})
