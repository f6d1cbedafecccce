import t from 'tap'
import { encodeNtlmNegotiate, offeredNtlmFlags } from '../../../src/smb/auth/ntlm-negotiate.ts'

t.test('offers NTLMv2 with 128-bit keys and their exchange', (t) => {
  t.equal(
    encodeNtlmNegotiate().toString('hex'),
    `4e544c4d5353500001000000158288e2${'00'.repeat(16)}060100000000000f`,
  )
  t.equal(offeredNtlmFlags, 0xe2888215)
  t.end()
})
