import t from 'tap'
import { decodeRead, encodeRead } from '../../../src/smb/commands/read.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { bodyReader, hex, refusesDamage } from '../../helpers/smb-codec.ts'

t.test('asks for the first bytes', (t) => {
  const fileId = hex('00112233445566778899aabbccddeeff')
  t.same(
    encodeRead(fileId, 0x2000),
    hex(`3100 50 00 00200000 0000000000000000 00112233445566778899aabbccddeeff
      00000000 00000000 00000000 0000 0000 00`),
  )
  t.end()
})

t.test('decodes what was read, wherever the answer puts it', (t) => {
  const body = hex('1100 50 00 03000000 00000000 00000000 616263')
  t.equal(decodeRead(bodyReader(body)).toString(), 'abc')
  const padded = hex('1100 58 00 03000000 00000000 00000000 0000000000000000 616263')
  t.equal(decodeRead(bodyReader(padded)).toString(), 'abc')
  refusesDamage(t, body, decodeRead)
  t.end()
})

t.test('refuses data that would lie outside the message', (t) => {
  const cases = [
    '1100 ff 00 03000000 00000000 00000000 616263',
    '1100 50 00 ffffffff 00000000 00000000 616263',
  ]
  for (const body of cases) t.throws(() => decodeRead(bodyReader(hex(body))), MalformedError)
  t.end()
})

t.test('refuses data that would lie in the head of its own answer', (t) => {
  for (const offset of ['00', '40', '4f']) {
    const body = hex(`1100 ${offset} 00 03000000 00000000 00000000 616263`)
    t.throws(() => decodeRead(bodyReader(body)), MalformedError)
  }
  const empty = hex('1100 00 00 00000000 00000000 00000000')
  t.equal(decodeRead(bodyReader(empty)).length, 0, 'where there is none, it is nowhere')
  t.end()
})
