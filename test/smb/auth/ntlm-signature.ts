import t from 'tap'
import { ntlmSignatureOf } from '../../../src/smb/auth/ntlm-signature.ts'

t.test('signs the list of mechanisms as the client of a captured login did', (t) => {
  // From Microsoft's walk-through of SMB 3.1.1: the key, and the mechListMIC of the last token.
  const key = Buffer.from('270e1ba896585eeb7af3472d3b4c75a7', 'hex')
  const list = Buffer.from('300c060a2b06010401823702020a', 'hex')
  t.equal(ntlmSignatureOf(list, key, true).toString('hex'), '0100000063775a9a5fd97f0600000000')
  t.end()
})

t.test('leaves the checksum open where no key was exchanged', (t) => {
  const key = Buffer.alloc(16, 3)
  const open = ntlmSignatureOf(Buffer.from('x'), key, false)
  const sealed = ntlmSignatureOf(Buffer.from('x'), key, true)
  t.equal(open.length, 16)
  t.notSame(open, sealed)
  t.same(open.subarray(0, 4), sealed.subarray(0, 4))
  t.end()
})
