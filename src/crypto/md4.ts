/** The MD4 digest (RFC 1320), which OpenSSL 3 no longer offers by default and NTLM cannot do without. */
export function md4(message: Uint8Array): Buffer {
  const padded = pad(message)
  const words = new Uint32Array(16)
  let [a, b, c, d] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
  for (let block = 0; block < padded.length; block += 64) {
    for (let i = 0; i < 16; i++) words[i] = padded.readUInt32LE(block + i * 4)
    const before = [a, b, c, d] as const
    for (const { mix, constant, order, shifts } of rounds) {
      for (let i = 0; i < 16; i++) {
        const sum = a + mix(b, c, d) + (words[order[i] ?? 0] ?? 0) + constant
        const shift = shifts[i % 4] ?? 0
        ;[a, b, c, d] = [d, rotateLeft(sum, shift), b, c]
      }
    }
    a = (a + before[0]) >>> 0
    b = (b + before[1]) >>> 0
    c = (c + before[2]) >>> 0
    d = (d + before[3]) >>> 0
  }
  const digest = Buffer.alloc(16)
  digest.writeUInt32LE(a, 0)
  digest.writeUInt32LE(b, 4)
  digest.writeUInt32LE(c, 8)
  digest.writeUInt32LE(d, 12)
  return digest
}

const rounds = [
  {
    mix: (x: number, y: number, z: number) => (x & y) | (~x & z),
    constant: 0,
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    shifts: [3, 7, 11, 19],
  },
  {
    mix: (x: number, y: number, z: number) => (x & y) | (x & z) | (y & z),
    constant: 0x5a827999,
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    shifts: [3, 5, 9, 13],
  },
  {
    mix: (x: number, y: number, z: number) => x ^ y ^ z,
    constant: 0x6ed9eba1,
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    shifts: [3, 9, 11, 15],
  },
] as const

/** A one bit, zeros, and the length in bits, up to a whole number of 64-byte blocks. */
function pad(message: Uint8Array): Buffer {
  const padded = Buffer.alloc(Math.ceil((message.length + 9) / 64) * 64)
  padded.set(message)
  padded[message.length] = 0x80
  padded.writeBigUInt64LE(BigInt(message.length) * 8n, padded.length - 8)
  return padded
}

function rotateLeft(value: number, bits: number): number {
  return ((value << bits) | ((value >>> 0) >>> (32 - bits))) >>> 0
}
