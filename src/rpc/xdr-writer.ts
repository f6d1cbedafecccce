import { Writer } from '../wire/writer.ts'

/** Writes XDR (RFC 4506): everything big-endian and filled up to a multiple of four bytes. */
export class XdrWriter extends Writer {
  u32(value: number): this {
    return this.u32be(value)
  }

  u64(value: bigint): this {
    return this.u64be(value)
  }

  bool(value: boolean): this {
    return this.u32be(value ? 1 : 0)
  }

  /** Bytes whose number both sides know beforehand. */
  fixed(bytes: Uint8Array): this {
    this.put(bytes)
    const over = bytes.length % 4
    return over === 0 ? this : this.zeros(4 - over)
  }

  /** Bytes together with their number. */
  opaque(bytes: Uint8Array): this {
    return this.u32be(bytes.length).fixed(bytes)
  }

  text(value: string): this {
    return this.opaque(Buffer.from(value, 'utf8'))
  }
}
