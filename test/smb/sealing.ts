import t from 'tap'
import {
  cipherKeyBytes,
  cipherName,
  isSealingCipher,
  offeredCiphers,
  Sealer,
} from '../../src/smb/sealing.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { hex } from '../helpers/smb-codec.ts'
import { seal, unseal } from '../helpers/smb-server-crypto.ts'

const sessionId = 0x1122334455667788n
const message = Buffer.from('a message that is longer than one block of any cipher')

const keys = (cipher: 1 | 2 | 3 | 4) =>
  [Buffer.alloc(cipherKeyBytes(cipher), 1), Buffer.alloc(cipherKeyBytes(cipher), 2)] as const

t.test('opens the answers of the published examples', (t) => {
  // "Encryption in SMB 3.0: A protocol perspective" and "SMB 3.1.1 Encryption in Windows 10".
  const examples = [
    {
      cipher: 1,
      key: '8fe2b57ec34d2db5b1a9727f526bbdb5',
      session: 0x8e40014000011n,
      sealed: `fd534d42a6015530a18f6d9affe22afae8e66484860000000000000011000014
        00e4080050000000000001001100001400e40800dbf46435c5f14169293ce079
        e344479bf670227e49873f458672c3098dac467dd5809f369d67409166515787
        1483e01f7becd02064eac3e235f913668bbc2f097980d4b378f1993eff6e60d1
        77309e5b`,
      plain: `fe534d4240000100000000000900210009000000000000000400000000000000
        fffe0000010000001100001400e4080000000000000000000000000000000000
        11000000170000000000000000000000`,
    },
    {
      cipher: 2,
      key: '748c50868c90f302962a5c35f5f9a8bf',
      session: 0x100000000025n,
      sealed: `fd534d42acbe1cb7ed343adf1725ef144d90d4b0e06831dd2e8eb7b4000000000000000050000000
        00000100250000000010000026bbbf949983a6c1c796559d0f2c510cb651d1f7b6ac8ded32a2a0b8
        f2d793a815c6f6b848d69767a215841a42d400ae6ddb5f0b44173a014973321fdd7950da6179159b
        82e03c9e18a050ff0ea1c967`,
      plain: `fe534d4240000100000000000900010001000000000000000500000000000000fffe000001000000
        25000000001000000000000000000000000000000000000011000000170000000000000000000000`,
    },
  ] as const
  for (const { cipher, key, session, sealed, plain } of examples) {
    const sealer = new Sealer(cipher, Buffer.alloc(16), hex(key), session)
    t.same(sealer.open(hex(sealed)), hex(plain), cipherName(cipher))
  }
  t.end()
})

t.test('seals what a server opens, and opens what a server seals', (t) => {
  for (const cipher of offeredCiphers) {
    const [mine, theirs] = keys(cipher)
    const sealer = new Sealer(cipher, mine, theirs, sessionId)
    const sealed = sealer.seal(message)
    t.equal(sealed.subarray(0, 4).toString('hex'), 'fd534d42')
    t.equal(sealed.readUInt32LE(36), message.length)
    t.equal(sealed.readUInt16LE(42), 1)
    t.equal(sealed.readBigUInt64LE(44), sessionId)
    t.same(unseal(cipher, mine, sealed), message, cipherName(cipher))
    t.same(sealer.open(seal(cipher, theirs, sessionId, message, 0)), message, cipherName(cipher))
  }
  t.end()
})

t.test('never uses a nonce twice', (t) => {
  const sealer = new Sealer(2, ...keys(2), sessionId)
  const nonces = Array.from({ length: 300 }, () => sealer.seal(message).toString('hex', 20, 32))
  t.equal(new Set(nonces).size, nonces.length)
  t.end()
})

t.test('refuses a flipped bit, wherever it is', (t) => {
  for (const cipher of offeredCiphers) {
    const sealer = new Sealer(cipher, ...keys(cipher), sessionId)
    const sealed = seal(cipher, keys(cipher)[1], sessionId, message, 0)
    for (let i = 0; i < sealed.length; i++) {
      const flipped = Buffer.from(sealed)
      flipped.writeUInt8(flipped.readUInt8(i) ^ (1 << (i % 8)), i)
      t.throws(() => sealer.open(flipped), MalformedError, `${cipherName(cipher)}, byte ${i}`)
    }
  }
  t.end()
})

t.test('refuses every truncation, and what belongs to another session', (t) => {
  const [mine, theirs] = keys(1)
  const sealer = new Sealer(1, mine, theirs, sessionId)
  const sealed = seal(1, theirs, sessionId, message, 0)
  for (let length = 0; length < sealed.length; length++) {
    t.throws(() => sealer.open(sealed.subarray(0, length)), MalformedError, `${length} bytes`)
  }
  t.throws(() => sealer.open(seal(1, theirs, 5n, message, 0)), MalformedError, 'another session')
  t.throws(() => sealer.open(seal(1, mine, sessionId, message, 0)), MalformedError, 'another key')
  t.end()
})

t.test('knows the four ciphers', (t) => {
  t.same(offeredCiphers.map(cipherName), [
    'AES-128-GCM',
    'AES-128-CCM',
    'AES-256-GCM',
    'AES-256-CCM',
  ])
  t.same(offeredCiphers.map(cipherKeyBytes), [16, 16, 32, 32])
  for (const offered of offeredCiphers) t.ok(isSealingCipher(offered))
  for (const other of [0, 5, 0xffff]) t.notOk(isSealingCipher(other))
  t.end()
})
