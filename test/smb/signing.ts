import t from 'tap'
import { isSigningAlgorithm, offeredSigning, Signer, signingName } from '../../src/smb/signing.ts'
import { signature } from '../helpers/smb-server-crypto.ts'
import { lastResponse } from '../helpers/smb-walkthrough.ts'

const key = Buffer.from('73fe7a9a77bef0bde49c650d8ccb5f76', 'hex')

t.test('verifies the signature of a captured answer, and of no other', (t) => {
  const signer = new Signer(1, key)
  t.ok(signer.verify(lastResponse))
  for (let i = 0; i < lastResponse.length; i++) {
    const flipped = Buffer.from(lastResponse)
    flipped.writeUInt8(flipped.readUInt8(i) ^ (1 << (i % 8)), i)
    t.notOk(signer.verify(flipped), `a bit of byte ${i}`)
  }
  t.notOk(new Signer(1, Buffer.alloc(16)).verify(lastResponse), 'another key')
  t.notOk(new Signer(0, key).verify(lastResponse), 'another algorithm')
  t.end()
})

t.test('leaves what it verifies as it was', (t) => {
  const before = Buffer.from(lastResponse)
  new Signer(1, key).verify(lastResponse)
  t.same(lastResponse, before)
  t.end()
})

t.test('signs with each algorithm as a server computes it', (t) => {
  for (const algorithm of offeredSigning) {
    const message = Buffer.from(lastResponse)
    message.fill(0, 48, 64)
    message[16] = 0
    message[24] = 0xfe
    new Signer(algorithm, key).sign(message)
    t.equal(message[16], 8, 'marked as signed')
    const unsigned = Buffer.from(message)
    unsigned.fill(0, 48, 64)
    t.same(message.subarray(48, 64), signature(algorithm, key, unsigned), signingName(algorithm))
  }
  t.end()
})

t.test('verifies with each algorithm what a server signs', (t) => {
  for (const algorithm of offeredSigning) {
    const message = Buffer.from(lastResponse)
    message.fill(0, 48, 64)
    signature(algorithm, key, message).copy(message, 48)
    t.ok(new Signer(algorithm, key).verify(message), signingName(algorithm))
    message[70] = 0xee
    t.notOk(new Signer(algorithm, key).verify(message), signingName(algorithm))
  }
  t.end()
})

t.test('knows the three algorithms', (t) => {
  t.same(offeredSigning.map(signingName), ['AES-128-GMAC', 'AES-128-CMAC', 'HMAC-SHA256'])
  for (const offered of offeredSigning) t.ok(isSigningAlgorithm(offered))
  for (const other of [3, 0xffff]) t.notOk(isSigningAlgorithm(other))
  t.end()
})
