import { createCipheriv } from 'node:crypto'

const zeroBlock = Buffer.alloc(16)

/** AES-128-CMAC (RFC 4493) under one key; each tag is a single AES-CBC call over the padded message. */
export class AesCmac {
  readonly #key: Uint8Array
  readonly #forWhole: Buffer
  readonly #forPadded: Buffer

  constructor(key: Uint8Array) {
    this.#key = key
    this.#forWhole = double(encryptCbc(key, zeroBlock))
    this.#forPadded = double(this.#forWhole)
  }

  /** The 16-byte tag of a message. */
  tag(message: Uint8Array): Buffer {
    const blocks = Math.max(1, Math.ceil(message.length / 16))
    const padded = Buffer.alloc(blocks * 16)
    padded.set(message)
    const isWhole = message.length === padded.length
    if (!isWhole) padded[message.length] = 0x80
    const mask = isWhole ? this.#forWhole : this.#forPadded
    const last = padded.length - 16
    for (let i = 0; i < 16; i++) padded[last + i] = (padded[last + i] ?? 0) ^ (mask[i] ?? 0)
    return encryptCbc(this.#key, padded).subarray(-16)
  }
}

function encryptCbc(key: Uint8Array, wholeBlocks: Uint8Array): Buffer {
  return createCipheriv('aes-128-cbc', key, zeroBlock).setAutoPadding(false).update(wholeBlocks)
}

/** Doubling in GF(2^128), which makes the sub-keys (RFC 4493 2.3). */
function double(block: Buffer): Buffer {
  const doubled = Buffer.allocUnsafe(16)
  let carry = 0
  for (let i = 15; i >= 0; i--) {
    const shifted = ((block[i] ?? 0) << 1) | carry
    doubled[i] = shifted & 0xff
    carry = shifted >> 8
  }
  if (carry !== 0) doubled[15] = (doubled[15] ?? 0) ^ 0x87
  return doubled
}
