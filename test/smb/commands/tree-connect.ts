import t from 'tap'
import { decodeTreeConnect, encodeTreeConnect } from '../../../src/smb/commands/tree-connect.ts'
import { bodyReader, hex, refusesDamage } from '../../helpers/smb-codec.ts'

t.test('asks for a share by its full name', (t) => {
  t.same(encodeTreeConnect('\\\\s\\p'), hex('0900 0000 4800 0a00 5c00 5c00 7300 5c00 7000'))
  t.end()
})

t.test('decodes what the share is', (t) => {
  const body = hex('1000 01 00 00800000 00000000 ff011f00')
  t.same(decodeTreeConnect(bodyReader(body)), { shareType: 1, shareFlags: 0x8000 })
  refusesDamage(t, body, decodeTreeConnect)
  t.end()
})
