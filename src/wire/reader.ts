import { MalformedError } from './malformed-error.ts'

/** Walks over received bytes; the only place where lengths and offsets from the wire are checked. */
export class Reader {
  readonly bytes: Buffer
  #at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#at = 0
    this.seek(at)
  }

  /** The offset of the next byte. */
  get at(): number {
    return this.#at
  }

  /** How many bytes are left. */
  get left(): number {
    return this.bytes.length - this.#at
  }

  /** Goes to an absolute offset, which may be the very end. */
  seek(offset: number): void {
    if (!Number.isInteger(offset) || offset < 0 || offset > this.bytes.length) {
      throw new MalformedError(`offset ${offset} outside a message of ${this.bytes.length} bytes`)
    }
    this.#at = offset
  }

  /** Passes over bytes without looking at them. */
  skip(byteCount: number): void {
    this.#take(byteCount)
  }

  /** Goes forward to the next multiple of an alignment, counted from the start of the bytes. */
  align(boundary: number): void {
    const over = this.#at % boundary
    if (over !== 0) this.#take(boundary - over)
  }

  u8(): number {
    return this.bytes[this.#take(1)] ?? 0
  }

  u16le(): number {
    // What has just been checked is not checked again, as Buffer's own methods would.
    const at = this.#take(2)
    return (this.bytes[at] ?? 0) | ((this.bytes[at + 1] ?? 0) << 8)
  }

  u16be(): number {
    return this.bytes.readUInt16BE(this.#take(2))
  }

  u32le(): number {
    const at = this.#take(4)
    const { bytes } = this
    const high = ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)
    return ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | high) >>> 0
  }

  u32be(): number {
    return this.bytes.readUInt32BE(this.#take(4))
  }

  u64le(): bigint {
    return this.bytes.readBigUInt64LE(this.#take(8))
  }

  u64be(): bigint {
    return this.bytes.readBigUInt64BE(this.#take(8))
  }

  /** The next bytes as a view on the message, not a copy. */
  take(byteCount: number): Buffer {
    const start = this.#take(byteCount)
    return this.bytes.subarray(start, start + byteCount)
  }

  /** The bytes at an absolute offset as a view; where the reader stands does not change. */
  slice(offset: number, byteCount: number): Buffer {
    if (
      !Number.isInteger(offset) ||
      !Number.isInteger(byteCount) ||
      offset < 0 ||
      byteCount < 0 ||
      offset + byteCount > this.bytes.length
    ) {
      throw new MalformedError(
        `${byteCount} bytes at offset ${offset} outside a message of ${this.bytes.length} bytes`,
      )
    }
    return this.bytes.subarray(offset, offset + byteCount)
  }

  /** Everything that is left, as a view. */
  rest(): Buffer {
    return this.take(this.left)
  }

  /** Refuses bytes that the message should not have. */
  expectEnd(): void {
    if (this.left !== 0) throw new MalformedError(`${this.left} bytes too many`)
  }

  #take(byteCount: number): number {
    const start = this.#at
    if (!Number.isInteger(byteCount) || byteCount < 0 || byteCount > this.bytes.length - start) {
      throw new MalformedError(
        `${byteCount} bytes wanted at offset ${start}, ${this.bytes.length - start} left`,
      )
    }
    this.#at = start + byteCount
    return start
  }
}
