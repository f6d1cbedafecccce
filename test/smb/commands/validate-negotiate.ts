import t from 'tap'
import {
  decodeValidateNegotiate,
  encodeValidateNegotiate,
} from '../../../src/smb/commands/validate-negotiate.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { bodyReader, hex, refusesDamage } from '../../helpers/smb-codec.ts'

const guid = hex('00112233445566778899aabbccddeeff')
const answer = `3100 0000 04021400 ffffffffffffffffffffffffffffffff
  70000000 00000000 70000000 18000000 00000000 00000000
  40000000 00112233445566778899aabbccddeeff 0300 0003`

t.test('repeats our negotiation', (t) => {
  t.same(
    encodeValidateNegotiate({ capabilities: 0x40, guid, securityMode: 3 }, [0x0202, 0x0311]),
    hex(`3900 0000 04021400 ffffffffffffffffffffffffffffffff
      78000000 1c000000 00000000 00000000 00000000 18000000 01000000 00000000
      40000000 00112233445566778899aabbccddeeff 0300 0200 0202 1103`),
  )
  t.end()
})

t.test("decodes the server's repetition", (t) => {
  const decoded = decodeValidateNegotiate(bodyReader(hex(answer)))
  t.same(decoded, { capabilities: 0x40, guid, securityMode: 3, dialect: 0x0300 })
  refusesDamage(t, hex(answer), decodeValidateNegotiate)
  t.end()
})

t.test('refuses the answer to another control, or one of another length', (t) => {
  const cases = [answer.replace('04021400', '94011400'), answer.replace('18000000', '17000000')]
  for (const body of cases) {
    t.throws(() => decodeValidateNegotiate(bodyReader(hex(body))), MalformedError)
  }
  t.end()
})
