import t from 'tap'
import { NetbiosRefusedError } from '../../src/smb/netbios-refused-error.ts'

t.test('keeps the code of the refusal', (t) => {
  const error = new NetbiosRefusedError(0x82)
  t.match(error, { name: 'NetbiosRefusedError', code: 'NETBIOS_REFUSED', netbiosCode: 130 })
  t.equal(error.message, 'NetBIOS session refused: 0x82')
  t.end()
})
