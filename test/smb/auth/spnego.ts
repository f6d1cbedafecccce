import t from 'tap'
import {
  decodeSpnegoResponse,
  encodeSpnegoInit,
  encodeSpnegoResponse,
  mechTypes,
  saysRejected,
} from '../../../src/smb/auth/spnego.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'

const hex = (text: string) => Buffer.from(text, 'hex')

t.test('wraps the first token as a captured client does', (t) => {
  const ntlm = hex(
    '4e544c4d5353500001000000978208e200000000000000000000000000000000060380250000000f',
  )
  t.equal(
    encodeSpnegoInit(ntlm).toString('hex'),
    '604806062b0601050502a03e303ca00e300c060a2b06010401823702020aa22a0428' + ntlm.toString('hex'),
  )
  t.equal(mechTypes.toString('hex'), '300c060a2b06010401823702020a')
  t.end()
})

t.test('wraps the last token, with a signature of the mechanisms where there is one', (t) => {
  t.equal(encodeSpnegoResponse(hex('aabb')).toString('hex'), 'a1083006a2040402aabb')
  t.equal(
    encodeSpnegoResponse(hex('aabb'), hex('cc')).toString('hex'),
    'a10d300ba2040402aabba3030401cc',
  )
  t.end()
})

t.test('writes lengths of one, two and three bytes', (t) => {
  for (const size of [1, 0x7f, 0x80, 0xff, 0x100, 0x4000]) {
    const wrapped = encodeSpnegoResponse(Buffer.alloc(size, 7))
    t.same(decodeSpnegoResponse(wrapped), Buffer.alloc(size, 7), `${size} bytes`)
  }
  t.end()
})

t.test('finds the token behind the fields that come before it', (t) => {
  const answer = 'a11b3019a0030a0101a10c060a2b06010401823702020aa2040402beef'
  t.same(decodeSpnegoResponse(hex(answer)), hex('beef'))
  t.end()
})

t.test('refuses every truncation, and every impossible length', (t) => {
  const answer = hex('a11b3019a0030a0101a10c060a2b06010401823702020aa2040402beef')
  for (let length = 0; length < answer.length; length++) {
    t.throws(() => decodeSpnegoResponse(answer.subarray(0, length)), MalformedError, `${length}`)
  }
  const cases = {
    'another token': 'a0083006a2040402aabb',
    'no sequence': 'a1083106a2040402aabb',
    'no octets': 'a1083006a2040502aabb',
    'no token': 'a1073005a0030a0100',
    'an indefinite length': 'a1803006a2040402aabb',
    'a length of five bytes': 'a1850000000008',
    'a length far beyond the message': 'a184ffffffff3006',
  }
  for (const [name, bytes] of Object.entries(cases)) {
    t.throws(() => decodeSpnegoResponse(hex(bytes)), MalformedError, name)
  }
  t.end()
})

t.test('only an end that says so is a rejection', (t) => {
  t.ok(saysRejected(hex('a1073005a0030a0102')))
  t.ok(saysRejected(hex('a1153013a10c060a2b06010401823702020aa0030a0102')), 'behind another field')
  const others = {
    'accept-completed': 'a1073005a0030a0100',
    'accept-completed, with a signature of the mechanisms': `a11b3019a0030a0100a312041001000000${'00'.repeat(12)}`,
    'accept-incomplete': 'a1073005a0030a0101',
    'request-mic': 'a1073005a0030a0103',
    'no state': 'a1023000',
    nothing: '',
    'a state of two bytes': 'a1083006a0040a020002',
    'a state that is no enumerated': 'a1073005a003020102',
    'no NegTokenResp': 'a0073005a0030a0102',
    'NTLM alone': '4e544c4d5353500002000000',
    'a token cut short': 'a1073005a0030a01',
  }
  for (const [name, bytes] of Object.entries(others)) t.notOk(saysRejected(hex(bytes)), name)
  t.end()
})
