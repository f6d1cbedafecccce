import t from 'tap'
import { exportList } from '../../../src/rpc/mount/export.ts'
import { XdrReader } from '../../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, opaque, u32 } from '../../helpers/rpc-bytes.ts'

t.test('EXPORT lists directories, and to whom they are exported', async (t) => {
  t.equal(exportList.number, 5)
  t.same(
    written((writer) => exportList.encode(writer)),
    u32(),
  )
  const one = bytes(u32(1), opaque('/srv/a'), u32(1), opaque('host1'), u32(1), opaque('host2'))
  const other = bytes(u32(0), u32(1), opaque('/srv/b'), u32(0), u32(0))
  reads(t, exportList, bytes(one, other), [
    { directory: '/srv/a', groups: ['host1', 'host2'] },
    { directory: '/srv/b', groups: [] },
  ])
  reads(t, exportList, u32(0), [])
})

t.test('a list without an end is refused', async (t) => {
  const endless = Buffer.concat(Array.from({ length: 4097 }, () => bytes(u32(1, 0, 0))))
  t.throws(() => exportList.decode(new XdrReader(endless)), MalformedError)
})
