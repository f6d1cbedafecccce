import t from 'tap'
import { rc4 } from '../../src/crypto/rc4.ts'

t.test('gives the key streams of RFC 6229', (t) => {
  const vectors = [
    ['0102030405', 'b2396305f03dc027ccc3524a0a1118a86982944f18fc82d589c403a47a0d0919'],
    [
      '0102030405060708090a0b0c0d0e0f10',
      '9ac7cc9a609d1ef7b2932899cde41b975248c4959014126a6e8a84f11d1a9e1c',
    ],
  ] as const
  for (const [key, stream] of vectors) {
    t.equal(rc4(Buffer.from(key, 'hex'), Buffer.alloc(32)).toString('hex'), stream, key)
  }
  t.end()
})

t.test('undoes itself', (t) => {
  const key = Buffer.from('a key')
  t.equal(rc4(key, rc4(key, Buffer.from('sixteen bytes ok'))).toString(), 'sixteen bytes ok')
  t.end()
})
