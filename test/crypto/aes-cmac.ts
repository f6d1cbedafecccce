import t from 'tap'
import { AesCmac } from '../../src/crypto/aes-cmac.ts'

const message = Buffer.from(
  '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51' +
    '30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710',
  'hex',
)

t.test('gives the tags of RFC 4493 section 4', (t) => {
  const cmac = new AesCmac(Buffer.from('2b7e151628aed2a6abf7158809cf4f3c', 'hex'))
  const vectors = [
    [0, 'bb1d6929e95937287fa37d129b756746'],
    [16, '070a16b46b4d4144f79bdd9dd04a287c'],
    [40, 'dfa66747de9ae63030ca32611497c827'],
    [64, '51f0bebf7e3b9d92fc49741779363cfe'],
  ] as const
  for (const [length, tag] of vectors) {
    t.equal(cmac.tag(message.subarray(0, length)).toString('hex'), tag, `${length} bytes`)
  }
  t.end()
})

t.test('leaves the message as it was', (t) => {
  const before = Buffer.from(message)
  new AesCmac(Buffer.alloc(16, 7)).tag(message)
  t.strictSame(message, before)
  t.end()
})

t.test('depends on the key', (t) => {
  const one = new AesCmac(Buffer.alloc(16, 1)).tag(message)
  const two = new AesCmac(Buffer.alloc(16, 2)).tag(message)
  t.notSame(one, two)
  t.end()
})
