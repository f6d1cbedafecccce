import t from 'tap'
import { decodeWrite, encodeWrite, writeThrough } from '../../../src/smb/commands/write.ts'
import { bodyReader, hex, refusesDamage } from '../../helpers/smb-codec.ts'

t.test('writes the first bytes, through to the disk', (t) => {
  const fileId = hex('00112233445566778899aabbccddeeff')
  t.same(
    encodeWrite(fileId, Buffer.from('abc'), writeThrough),
    hex(`3100 7000 03000000 0000000000000000 00112233445566778899aabbccddeeff
      00000000 00000000 0000 0000 01000000 616263`),
  )
  t.end()
})

t.test('decodes how many bytes were written', (t) => {
  const body = hex('1100 0000 03000000 00000000 0000 0000')
  t.equal(decodeWrite(bodyReader(body)), 3)
  refusesDamage(t, body, decodeWrite)
  t.end()
})
