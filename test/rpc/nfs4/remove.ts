import t from 'tap'
import { remove } from '../../../src/rpc/nfs4/remove.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, opaque, u32, u64 } from '../../helpers/rpc-bytes.ts'

t.test('REMOVE names an entry of the current directory', async (t) => {
  t.equal(remove('file').number, 28)
  t.same(written(remove('file').encode), opaque('file'))
  reads(t, remove('file'), bytes(u32(1), u64(1n), u64(2n)), undefined)
})
