import {
  type CipherGCMTypes,
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
} from 'node:crypto'

// All of this is written apart from src, so that a mistake there does not cancel itself out here.

export function sha512(...parts: Buffer[]): Buffer {
  const hash = createHash('sha512')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

export function hmacMd5(key: Buffer, ...parts: Buffer[]): Buffer {
  return createHmac('md5', key).update(Buffer.concat(parts)).digest()
}

export function rc4(key: Buffer, data: Buffer): Buffer {
  const s = Array.from({ length: 256 }, (_, i) => i)
  const at = (i: number) => s[i & 255] as number
  const swap = (i: number, j: number) => ([s[i & 255], s[j & 255]] = [at(j), at(i)])
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + at(i) + key.readUInt8(i % key.length)) & 255
    swap(i, j)
  }
  let j = 0
  return Buffer.from(
    data.map((byte, n) => {
      j = (j + at(n + 1)) & 255
      swap(n + 1, j)
      return byte ^ at(at(n + 1) + at(j))
    }),
  )
}

export function kdf(key: Buffer, label: string, context: Buffer, bytes: number): Buffer {
  const tail = Buffer.from([0, 0, (bytes * 8) >> 8, (bytes * 8) & 255])
  const input = [Buffer.from([0, 0, 0, 1]), Buffer.from(`${label}\0\0`), context, tail]
  return createHmac('sha256', key).update(Buffer.concat(input)).digest().subarray(0, bytes)
}

function twice(block: Buffer): Buffer {
  const value = BigInt(`0x${block.toString('hex')}`) << 1n
  const reduced = value >> 128n === 0n ? value : (value & ((1n << 128n) - 1n)) ^ 0x87n
  return Buffer.from(reduced.toString(16).padStart(32, '0'), 'hex')
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ b.readUInt8(i)))
}

function cmac(key: Buffer, message: Buffer): Buffer {
  const aes = (block: Buffer) =>
    createCipheriv('aes-128-ecb', key, null).setAutoPadding(false).update(block)
  const k1 = twice(aes(Buffer.alloc(16)))
  let state: Buffer = Buffer.alloc(16)
  let rest = message
  for (; rest.length > 16; rest = rest.subarray(16)) state = aes(xor(state, rest.subarray(0, 16)))
  const last =
    rest.length === 16
      ? xor(rest, k1)
      : xor(Buffer.concat([rest, Buffer.from([0x80]), Buffer.alloc(15)]).subarray(0, 16), twice(k1))
  return aes(xor(state, last))
}

/** The signature of a message whose signature field is zero. */
export function signature(algorithm: number, key: Buffer, message: Buffer): Buffer {
  if (algorithm === 0) {
    return createHmac('sha256', key).update(message).digest().subarray(0, 16)
  }
  if (algorithm === 1) return cmac(key, message)
  const nonce = Buffer.concat([
    message.subarray(24, 32),
    Buffer.from([message.readUInt8(16) & 1, 0, 0, 0]),
  ])
  const gcm = createCipheriv('aes-128-gcm', key, nonce)
  gcm.setAAD(message).final()
  return gcm.getAuthTag()
}

const ciphers = ['none', 'aes-128-ccm', 'aes-128-gcm', 'aes-256-ccm', 'aes-256-gcm']
const nonceBytes = (cipher: number) => (cipher % 2 === 1 ? 11 : 12)
const name = (cipher: number) => ciphers[cipher] as CipherGCMTypes
const options = { authTagLength: 16 }

export function seal(cipher: number, key: Buffer, sessionId: bigint, plain: Buffer, count: number) {
  const header = Buffer.alloc(52)
  header.write('fd534d42', 'hex')
  header.writeUInt32LE(0xabc0 + count, 20)
  header.writeUInt32LE(plain.length, 36)
  header.writeUInt16LE(1, 42)
  header.writeBigUInt64LE(sessionId, 44)
  const nonce = header.subarray(20, 20 + nonceBytes(cipher))
  const gcm = createCipheriv(name(cipher), key, nonce, options)
  gcm.setAAD(header.subarray(20), { plaintextLength: plain.length })
  const sealed = Buffer.concat([gcm.update(plain), gcm.final()])
  gcm.getAuthTag().copy(header, 4)
  return Buffer.concat([header, sealed])
}

export function unseal(cipher: number, key: Buffer, sealed: Buffer): Buffer {
  const nonce = sealed.subarray(20, 20 + nonceBytes(cipher))
  const gcm = createDecipheriv(name(cipher), key, nonce, options)
  gcm.setAuthTag(sealed.subarray(4, 20))
  gcm.setAAD(sealed.subarray(20, 52), { plaintextLength: sealed.length - 52 })
  const plain = gcm.update(sealed.subarray(52))
  gcm.final()
  return plain
}
