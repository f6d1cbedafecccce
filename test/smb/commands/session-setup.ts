import t from 'tap'
import { decodeSessionSetup, encodeSessionSetup } from '../../../src/smb/commands/session-setup.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { bodyReader, hex, refusesDamage } from '../../helpers/smb-codec.ts'
import { firstResponse } from '../../helpers/smb-walkthrough.ts'

t.test('encodes a step of a login', (t) => {
  t.same(
    encodeSessionSetup(3, hex('aabbcc')),
    hex('1900 00 03 00000000 00000000 5800 0300 0000000000000000 aabbcc'),
  )
  t.end()
})

t.test("decodes the server's step", (t) => {
  const { flags, token } = decodeSessionSetup(bodyReader(firstResponse.subarray(64)))
  t.equal(flags, 0)
  t.same(token, firstResponse.subarray(72))
  refusesDamage(t, hex('0900 0100 4800 0200 beef'), decodeSessionSetup)
  t.end()
})

t.test('takes an answer without a token, whatever its offset', (t) => {
  const { flags, token } = decodeSessionSetup(bodyReader(hex('0900 0100 ffff 0000')))
  t.equal(flags, 1)
  t.equal(token.length, 0)
  t.end()
})

t.test('refuses a token that would lie outside the message', (t) => {
  t.throws(() => decodeSessionSetup(bodyReader(hex('0900 0100 4900 0200 beef'))), MalformedError)
  t.end()
})
