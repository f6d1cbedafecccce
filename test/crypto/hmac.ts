import { createHmac } from 'node:crypto'
import t from 'tap'
import { hmac } from '../../src/crypto/hmac.ts'

const hex = (text: string) => Buffer.from(text, 'hex')

t.test('gives the codes of RFC 2202 and RFC 4231', (t) => {
  const vectors = [
    ['md5', '0b'.repeat(16), 'Hi There', '9294727a3638bb1c13f48ef8158bfc9d'],
    ['md5', '4a656665', 'what do ya want for nothing?', '750c783e6ab0b503eaa86e310a5db738'],
    [
      'sha256',
      '0b'.repeat(20),
      'Hi There',
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    ],
    [
      'sha256',
      '4a656665',
      'what do ya want for nothing?',
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
  ] as const
  for (const [algorithm, key, text, code] of vectors) {
    t.equal(hmac(algorithm, hex(key), Buffer.from(text)).toString('hex'), code, text)
  }
  t.end()
})

t.test('agrees with OpenSSL, whatever the key, and however the message is cut', (t) => {
  const message = Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 7) & 255))
  for (const algorithm of ['md5', 'sha256'] as const) {
    for (let keyBytes = 0; keyBytes <= 64; keyBytes += 8) {
      const key = Buffer.from(Array.from({ length: keyBytes }, (_, i) => 255 - i))
      const wanted = createHmac(algorithm, key).update(message).digest()
      const cut = [message.subarray(0, keyBytes), message.subarray(keyBytes)]
      t.same(hmac(algorithm, key, ...cut), wanted, `${algorithm}, ${keyBytes} bytes`)
    }
    t.same(hmac(algorithm, hex('01')), createHmac(algorithm, hex('01')).digest(), 'of nothing')
  }
  t.end()
})

t.test('changes neither key nor message', (t) => {
  const [key, message] = [hex('0102030405060708'), Buffer.from('a message')]
  hmac('md5', key, message)
  t.same(key, hex('0102030405060708'))
  t.equal(message.toString(), 'a message')
  t.end()
})

t.test('refuses a key that would have to be shortened', (t) => {
  t.throws(() => hmac('md5', Buffer.alloc(65)), RangeError)
  t.end()
})
