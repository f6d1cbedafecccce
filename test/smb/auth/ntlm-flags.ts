import t from 'tap'
import { ntlmFlags } from '../../../src/smb/auth/ntlm-flags.ts'

t.test('has every flag on a bit of its own, within thirty-two', (t) => {
  const bits = Object.values(ntlmFlags)
  for (const bit of bits) t.ok(Number.isInteger(Math.log2(bit)) && bit <= 2 ** 31, `${bit}`)
  t.equal(new Set(bits).size, bits.length)
  t.end()
})
