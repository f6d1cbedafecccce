import t from 'tap'
import { XdrWriter } from '../../src/rpc/xdr-writer.ts'
import { bytes, opaque, u32, u64 } from '../helpers/rpc-bytes.ts'

t.test('what is written is what RFC 4506 says', async (t) => {
  const writer = new XdrWriter()
    .u32(0x01020304)
    .u64(0x0102030405060708n)
    .bool(true)
    .bool(false)
    .fixed(Buffer.from([1, 2, 3, 4, 5]))
    .opaque(Buffer.from('abcd'))
    .text('é')
  t.same(
    writer.done(),
    bytes(
      u32(0x01020304),
      u64(0x0102030405060708n),
      u32(1, 0),
      [1, 2, 3, 4, 5, 0, 0, 0],
      opaque('abcd'),
      u32(2),
      [0xc3, 0xa9, 0, 0],
    ),
  )
})
