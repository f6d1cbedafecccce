import { createCipheriv } from 'node:crypto'

const zeroBlock = Buffer.alloc(16)

/** AES-128-CMAC (RFC 4493) under one key; each tag is a single AES-CBC call over the padded message. */
export class AesCmac {
  readonly #key: Buffer
  readonly #forWhole: Buffer
  readonly #forPadded: Buffer

  constructor(key: Buffer) {
    this.#key = key
    this.#forWhole = double(encryptCbc(key, zeroBlock))
    this.#forPadded = double(this.#forWhole)
  }

  /** The 16-byte tag of a message. */
  tag(message: Uint8Array): Buffer {
    const blocks = Math.max(1, Math.ceil(message.length / 16))
    const padded = Buffer.allocUnsafe(blocks * 16).fill(0, message.length)
    padded.set(message)
    const isWhole = message.length === padded.length
    if (!isWhole) padded.writeUInt8(0x80, message.length)
    const mask = isWhole ? this.#forWhole : this.#forPadded
    const last = padded.subarray(-16)
    for (let i = 0; i < 16; i += 4) last.writeInt32LE(last.readInt32LE(i) ^ mask.readInt32LE(i), i)
    return encryptCbc(this.#key, padded).subarray(-16)
  }
}

function encryptCbc(key: Buffer, wholeBlocks: Buffer): Buffer {
  return createCipheriv('aes-128-cbc', key, zeroBlock).setAutoPadding(false).update(wholeBlocks)
}

/** Doubling in GF(2^128), which makes the sub-keys (RFC 4493 2.3). */
function double(block: Buffer): Buffer {
  const doubled = Buffer.allocUnsafe(16)
  let carry = 0
  for (let i = 12; i >= 0; i -= 4) {
    const word = block.readUInt32BE(i)
    doubled.writeUInt32BE(((word << 1) | carry) >>> 0, i)
    carry = word >>> 31
  }
  if (carry !== 0) doubled.writeUInt8(doubled.readUInt8(15) ^ 0x87, 15)
  return doubled
}
