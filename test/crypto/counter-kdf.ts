import t from 'tap'
import { counterKdf } from '../../src/crypto/counter-kdf.ts'

// From Microsoft's "SMB 2 and SMB 3 security in Windows 10: the anatomy of signing and cryptographic keys".
t.test('derives the keys of the published SMB 3.0 example', (t) => {
  const sessionKey = Buffer.from('7cd451825d0450d235424e44ba6e78cc', 'hex')
  const vectors = [
    ['SMB2AESCMAC\0', 'SmbSign\0', '0b7e9c5cac36c0f6ea9ab275298cedce'],
    ['SMB2AESCCM\0', 'ServerIn \0', 'fad27796665b313ebb578f388632b4f7'],
    ['SMB2AESCCM\0', 'ServerOut\0', 'b0f0427f7ceb416d1d9dcc0cd4f99447'],
    ['SMB2APP\0', 'SmbRpc\0', 'bb23a4575aa26c721af525af15a87b4f'],
  ] as const
  for (const [label, context, key] of vectors) {
    const derived = counterKdf(sessionKey, Buffer.from(label), Buffer.from(context), 16)
    t.equal(derived.toString('hex'), key, label + context)
  }
  t.end()
})

t.test('takes the length it is asked for into the derivation', (t) => {
  const [key, label, context] = [Buffer.alloc(16, 1), Buffer.from('l\0'), Buffer.from('c\0')]
  const long = counterKdf(key, label, context, 32)
  t.equal(long.length, 32)
  t.notSame(long.subarray(0, 16), counterKdf(key, label, context, 16))
  t.end()
})
