import t from 'tap'
import {
  decodePipeTransceive,
  encodePipeTransceive,
} from '../../../src/smb/commands/pipe-transceive.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { bodyReader, hex, refusesDamage } from '../../helpers/smb-codec.ts'

const fileId = '00112233445566778899aabbccddeeff'

t.test('puts a message behind the request', async (t) => {
  t.same(
    encodePipeTransceive(hex(fileId), Buffer.from('abc'), 0x2000),
    hex(`3900 0000 17c01100 ${fileId} 78000000 03000000 00000000 00000000 00000000 00200000
      01000000 00000000 616263`),
  )
})

const answer = (offset: string, length: string) =>
  hex(`3100 0000 17c01100 ${fileId} 00000000 00000000 ${offset} ${length} 00000000 00000000 616263`)

t.test('takes the answer, wherever it lies behind its head', async (t) => {
  t.equal(decodePipeTransceive(bodyReader(answer('70000000', '03000000'))).toString(), 'abc')
  t.equal(decodePipeTransceive(bodyReader(answer('00000000', '00000000'))).length, 0)
  refusesDamage(t, answer('70000000', '03000000'), decodePipeTransceive)
})

t.test('refuses the answer to another request, and data that is nowhere', async (t) => {
  const other = answer('70000000', '03000000')
  other[4] = 0x18
  for (const body of [other, answer('6f000000', '03000000'), answer('70000000', '04000000')]) {
    t.throws(() => decodePipeTransceive(bodyReader(body)), MalformedError)
  }
})
