import t from 'tap'
import { umnt } from '../../../src/rpc/mount/umnt.ts'
import { reads, written } from '../../helpers/codec.ts'
import { opaque, u32 } from '../../helpers/rpc-bytes.ts'

t.test('UMNT names a directory, and has no results', async (t) => {
  t.equal(umnt.number, 3)
  t.same(
    written((writer) => umnt.encode(writer, '/srv/nfs')),
    opaque('/srv/nfs'),
  )
  reads(t, umnt, u32(), undefined)
})
