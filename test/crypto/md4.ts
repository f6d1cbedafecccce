import t from 'tap'
import { md4 } from '../../src/crypto/md4.ts'

t.test('gives the digests of RFC 1320 A.5', (t) => {
  const vectors = {
    '': '31d6cfe0d16ae931b73c59d7e0c089c0',
    a: 'bde52cb31de33e46245e05fbdbd6fb24',
    abc: 'a448017aaf21d8525fc10ae87aa6729d',
    'message digest': 'd9130a8164549fe818874806e1c7014b',
    abcdefghijklmnopqrstuvwxyz: 'd79e1c308aa5bbcdeea8ed63df412da9',
    ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:
      '043f8582f241db351ce627e153e7f0e4',
    '12345678901234567890123456789012345678901234567890123456789012345678901234567890':
      'e33b4ddc9c38f2199c3e7b164fcc0536',
  }
  for (const [text, digest] of Object.entries(vectors)) {
    t.equal(md4(Buffer.from(text)).toString('hex'), digest, `"${text}"`)
  }
  t.end()
})

t.test('gives the NT hash of [MS-NLMP] 4.2.2.1.2', (t) => {
  const digest = md4(Buffer.from('Password', 'utf16le')).toString('hex')
  t.equal(digest, 'a4f49c406510bdcab6824ee7c30fd852')
  t.end()
})

t.test('pads messages that end around the length field, as `openssl md4` has them', (t) => {
  const vectors = [
    [55, '92f32bb82c95ad10e8f87ae58ab06807'],
    [56, '374d5f08103b7092c83b4626ebceffab'],
    [64, 'b1abf956a5ae6f3221e5fe85e300fbb0'],
  ] as const
  for (const [length, digest] of vectors) {
    t.equal(md4(Buffer.alloc(length, 'x')).toString('hex'), digest, `${length} bytes`)
  }
  t.end()
})
