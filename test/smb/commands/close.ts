import t from 'tap'
import { decodeClose, encodeClose } from '../../../src/smb/commands/close.ts'
import { hex, refusesDamage } from '../../helpers/smb-codec.ts'

t.test('encodes a request', (t) => {
  const fileId = hex('00112233445566778899aabbccddeeff')
  t.same(encodeClose(fileId), hex('1800 0000 00000000 00112233445566778899aabbccddeeff'))
  t.end()
})

t.test('takes a whole answer only', (t) => {
  refusesDamage(t, Buffer.concat([hex('3c00'), Buffer.alloc(58)]), decodeClose)
  t.end()
})
