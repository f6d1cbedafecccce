import t from 'tap'
import { Credentials } from '../../../src/smb/auth/credentials.ts'
import { ntlmV2Response } from '../../../src/smb/auth/ntlmv2-response.ts'

t.test('computes the published example of [MS-NLMP] 4.2.4', (t) => {
  const targetInfo = '02000c0044006f006d00610069006e0001000c0053006500720076006500720000000000'
  const { nt, lm, sessionBaseKey } = ntlmV2Response(
    Credentials.user('User', 'Password', 'Domain'),
    {
      serverChallenge: Buffer.from('0123456789abcdef', 'hex'),
      clientChallenge: Buffer.alloc(8, 0xaa),
      time: Buffer.alloc(8),
      targetInfo: Buffer.from(targetInfo, 'hex'),
    },
  )
  t.equal(
    nt.toString('hex'),
    '68cd0ab851e51c96aabc927bebef6a1c' +
      '01010000000000000000000000000000aaaaaaaaaaaaaaaa00000000' +
      targetInfo +
      '00000000',
  )
  t.equal(lm().toString('hex'), '86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa')
  t.equal(sessionBaseKey.toString('hex'), '8de40ccadbc14a82f15cb0ad0de95ca3')
  t.end()
})
