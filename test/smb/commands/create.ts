import t from 'tap'
import { decodeCreate, encodeCreate } from '../../../src/smb/commands/create.ts'
import { bodyReader, hex, refusesDamage } from '../../helpers/smb-codec.ts'

const request = {
  access: 0x81,
  attributes: 0x100,
  shareAccess: 7,
  disposition: 1,
  options: 0x40,
}

t.test('encodes a request without oplock, lease or contexts', (t) => {
  t.same(
    encodeCreate({ ...request, name: 'a\\b' }),
    hex(`3900 00 00 02000000 0000000000000000 0000000000000000
      81000000 00010000 07000000 01000000 40000000 7800 0600 00000000 00000000
      6100 5c00 6200`),
  )
  t.end()
})

t.test('sends a byte of buffer even where there is no name', (t) => {
  const root = encodeCreate({ ...request, name: '' })
  t.equal(root.length, 57)
  t.equal(root.readUInt16LE(46), 0)
  t.end()
})

t.test('decodes the id of the file', (t) => {
  const fileId = hex('00112233445566778899aabbccddeeff')
  const body = Buffer.concat([hex('5900'), Buffer.alloc(62), fileId, Buffer.alloc(8)])
  t.same(decodeCreate(bodyReader(body)), fileId)
  refusesDamage(t, body, decodeCreate)
  t.end()
})
