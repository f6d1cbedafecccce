import crypto from 'node:crypto'
import t from 'tap'
import { digest, digestBy } from '../../src/crypto/digest.ts'

const parts = (...texts: readonly string[]) => texts.map((text) => Buffer.from(text))

// With Node's one call for a digest, and without, as Node 20.11 is.
for (const [name, make] of Object.entries({
  'as it is': digest,
  'by one call': digestBy('hash' in crypto ? crypto.hash : undefined),
  'by an object': digestBy(undefined),
})) {
  t.test(`gives the digests of RFC 1321 and FIPS 180-4, ${name}`, (t) => {
    const vectors = [
      ['md5', 'd41d8cd98f00b204e9800998ecf8427e', []],
      ['md5', 'd41d8cd98f00b204e9800998ecf8427e', ['']],
      ['md5', 'f96b697d7cb7938d525a2f31aaf161d0', ['message digest']],
      ['md5', 'f96b697d7cb7938d525a2f31aaf161d0', ['message', ' ', 'digest']],
      ['sha256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', ['abc']],
      [
        'sha512',
        'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a' +
          '2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
        ['a', '', 'bc'],
      ],
    ] as const
    for (const [algorithm, wanted, texts] of vectors) {
      t.equal(make(algorithm, ...parts(...texts)).toString('hex'), wanted, texts.join('|'))
    }
    t.end()
  })

  t.test(`takes every byte as it is, and changes none, ${name}`, (t) => {
    const every = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
    const wanted = crypto.createHash('sha512').update(every).update(every).digest()
    t.same(make('sha512', every, every), wanted)
    t.same(every, Buffer.from(Array.from({ length: 256 }, (_, i) => i)))
    t.end()
  })
}
