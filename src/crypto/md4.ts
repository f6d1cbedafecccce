/** The MD4 digest (RFC 1320), which OpenSSL 3 no longer offers by default and NTLM cannot do without. */
export function md4(message: Uint8Array): Buffer {
  const padded = pad(message)
  let [a, b, c, d] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
  for (let block = 0; block < padded.length; block += 64) {
    const before = [a, b, c, d] as const
    for (const { mix, constant, order, shifts } of rounds) {
      for (const [i, shift] of shifts.entries()) {
        const word = padded.readUInt32LE(block + order(i) * 4)
        ;[a, b, c, d] = [d, rotateLeft(a + mix(b, c, d) + word + constant, shift), b, c]
      }
    }
    a = (a + before[0]) >>> 0
    b = (b + before[1]) >>> 0
    c = (c + before[2]) >>> 0
    d = (d + before[3]) >>> 0
  }
  const digest = Buffer.alloc(16)
  for (const [i, word] of [a, b, c, d].entries()) digest.writeUInt32LE(word, i * 4)
  return digest
}

/** How far each of a round's sixteen steps rotates: four shifts, again and again. */
const steps = (...shifts: readonly number[]) => Array.from({ length: 4 }, () => shifts).flat()

/** The order of the words in the third round: their numbers with the four bits turned about. */
const turned = (i: number) => ((i & 1) << 3) | ((i & 2) << 1) | ((i & 4) >> 1) | ((i & 8) >> 3)

const rounds = [
  {
    mix: (x: number, y: number, z: number) => (x & y) | (~x & z),
    constant: 0,
    order: (i: number) => i,
    shifts: steps(3, 7, 11, 19),
  },
  {
    mix: (x: number, y: number, z: number) => (x & y) | (x & z) | (y & z),
    constant: 0x5a827999,
    order: (i: number) => (i & 3) * 4 + (i >> 2),
    shifts: steps(3, 5, 9, 13),
  },
  {
    mix: (x: number, y: number, z: number) => x ^ y ^ z,
    constant: 0x6ed9eba1,
    order: turned,
    shifts: steps(3, 9, 11, 15),
  },
] as const

/** A one bit, zeros, and the length in bits, up to a whole number of 64-byte blocks. */
function pad(message: Uint8Array): Buffer {
  const padded = Buffer.alloc(Math.ceil((message.length + 9) / 64) * 64)
  padded.set(message)
  padded.writeUInt8(0x80, message.length)
  padded.writeBigUInt64LE(BigInt(message.length) * 8n, padded.length - 8)
  return padded
}

function rotateLeft(value: number, bits: number): number {
  return ((value << bits) | ((value >>> 0) >>> (32 - bits))) >>> 0
}
