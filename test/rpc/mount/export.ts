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

t.test('what Ganesha 4.3 answered is read', async (t) => {
  const captured = Buffer.from(
    '000000010000000d2f7372762f6e66732f64617461000000000000010000000d31302e3231332e302e302f3136000000' +
      '000000010000000b31302e392e392e392f33320000000000000000010000000d2f7372762f6e66732f64656570000000' +
      '0000000000000000',
    'hex',
  )
  reads(t, exportList, captured, [
    { directory: '/srv/nfs/data', groups: ['10.213.0.0/16', '10.9.9.9/32'] },
    { directory: '/srv/nfs/deep', groups: [] },
  ])
})
