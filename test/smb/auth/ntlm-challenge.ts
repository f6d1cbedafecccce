import t from 'tap'
import { decodeNtlmChallenge } from '../../../src/smb/auth/ntlm-challenge.ts'
import { firstResponse } from '../../helpers/smb-walkthrough.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'

/** The challenge of Microsoft's walk-through of SMB 3.1.1, which ends the message it came in. */
const bytes = firstResponse.subarray(firstResponse.indexOf('NTLMSSP\0', 0, 'latin1'))

const changed = (offset: number, hex: string) => {
  const copy = Buffer.from(bytes)
  copy.write(hex, offset, 'hex')
  return copy
}

t.test('decodes a captured challenge', (t) => {
  const challenge = decodeNtlmChallenge(bytes)
  t.equal(challenge.flags, 0xe28a8215)
  t.equal(challenge.serverChallenge.toString('hex'), '0d1d8ba31179d008')
  t.equal(challenge.message, bytes)
  t.same(
    challenge.targetInfo.map(({ id }) => id),
    [2, 1, 4, 3, 7],
  )
  t.end()
})

t.test('does without target information where the server sends none', (t) => {
  t.same(decodeNtlmChallenge(changed(20, '158208e2')).targetInfo, [])
  t.end()
})

t.test('refuses every truncation', (t) => {
  for (let length = 0; length < bytes.length; length++) {
    const cut = bytes.subarray(0, length)
    t.throws(() => decodeNtlmChallenge(cut), MalformedError, `${length} bytes`)
  }
  t.end()
})

t.test('refuses what is no challenge, or a weak one', (t) => {
  const cases = {
    'another protocol': changed(0, '4b'),
    'another message': changed(8, '03'),
    'no Unicode': changed(20, '14828ae2'),
    'no extended session security': changed(20, '158282e2'),
    'no 128-bit keys': changed(20, '15828ac2'),
    'target information elsewhere': changed(44, 'ffffff00'),
    'more target information than any server has': Buffer.concat([
      changed(40, '01400140'),
      Buffer.alloc(0x5000),
    ]),
  }
  for (const [name, message] of Object.entries(cases)) {
    t.throws(() => decodeNtlmChallenge(message), MalformedError, name)
  }
  t.end()
})
