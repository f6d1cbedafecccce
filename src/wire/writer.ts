/** Composes a message in a buffer that grows as needed. */
export class Writer {
  #bytes: Buffer
  #length = 0

  constructor(expectedBytes = 256) {
    this.#bytes = Buffer.allocUnsafe(expectedBytes)
  }

  /** How many bytes have been written, which is the offset of the next one. */
  get length(): number {
    return this.#length
  }

  u8(value: number): this {
    const at = this.#room(1)
    this.#bytes[at] = value
    return this
  }

  u16le(value: number): this {
    const at = this.#room(2)
    this.#bytes.writeUInt16LE(value, at)
    return this
  }

  u16be(value: number): this {
    const at = this.#room(2)
    this.#bytes.writeUInt16BE(value, at)
    return this
  }

  u32le(value: number): this {
    const at = this.#room(4)
    this.#bytes.writeUInt32LE(value, at)
    return this
  }

  u32be(value: number): this {
    const at = this.#room(4)
    this.#bytes.writeUInt32BE(value, at)
    return this
  }

  u64le(value: bigint): this {
    const at = this.#room(8)
    this.#bytes.writeBigUInt64LE(value, at)
    return this
  }

  u64be(value: bigint): this {
    const at = this.#room(8)
    this.#bytes.writeBigUInt64BE(value, at)
    return this
  }

  put(bytes: Uint8Array): this {
    const at = this.#room(bytes.length)
    this.#bytes.set(bytes, at)
    return this
  }

  zeros(byteCount: number): this {
    const at = this.#room(byteCount)
    this.#bytes.fill(0, at, at + byteCount)
    return this
  }

  /** Fills with zeros up to the next multiple of an alignment, counted from the start. */
  align(boundary: number): this {
    const over = this.#length % boundary
    return over === 0 ? this : this.zeros(boundary - over)
  }

  /** Overwrites two bytes that were left open before. */
  patchU16le(offset: number, value: number): this {
    this.#bytes.writeUInt16LE(value, offset)
    return this
  }

  /** Overwrites four bytes that were left open before, little-endian. */
  patchU32le(offset: number, value: number): this {
    this.#bytes.writeUInt32LE(value, offset)
    return this
  }

  /** Overwrites four bytes that were left open before, big-endian. */
  patchU32be(offset: number, value: number): this {
    this.#bytes.writeUInt32BE(value, offset)
    return this
  }

  /** What was written, as a view; later writes may or may not show in it. */
  done(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  #room(byteCount: number): number {
    const at = this.#length
    const needed = at + byteCount
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2))
      this.#bytes.copy(grown, 0, 0, at)
      this.#bytes = grown
    }
    this.#length = needed
    return at
  }
}
