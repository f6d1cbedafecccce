import t from 'tap'
import { getFh, lookup, putFh, putRootFh } from '../../../src/rpc/nfs4/file-handle.ts'
import { XdrReader } from '../../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { reads, written } from '../../helpers/codec.ts'
import { opaque, u32 } from '../../helpers/rpc-bytes.ts'

t.test('a way begins at the root or at a handle, and goes on by names', async (t) => {
  t.equal(putRootFh.number, 24)
  t.same(written(putRootFh.encode), u32())
  reads(t, putRootFh, u32(), undefined)

  t.equal(putFh(Buffer.from('h')).number, 22)
  t.same(written(putFh(Buffer.from('handle')).encode), opaque('handle'))
  reads(t, putFh(Buffer.from('h')), u32(), undefined)

  t.equal(lookup('data').number, 15)
  t.same(written(lookup('data').encode), opaque('data'))
  reads(t, lookup('data'), u32(), undefined)
})

t.test('where it led is a handle of at most 128 bytes', async (t) => {
  t.equal(getFh.number, 10)
  t.same(written(getFh.encode), u32())
  reads(t, getFh, opaque('handle'), Buffer.from('handle'))
  t.throws(() => getFh.decode(new XdrReader(opaque(Buffer.alloc(129)))), MalformedError)
})
