import { MalformedError } from '../wire/malformed-error.ts'
import { Reader } from '../wire/reader.ts'

/** Reads XDR (RFC 4506): everything big-endian and filled up to a multiple of four bytes. */
export class XdrReader extends Reader {
  u32(): number {
    return this.u32be()
  }

  u64(): bigint {
    return this.u64be()
  }

  /** RFC 4506 4.4: nothing but 0 and 1. */
  bool(): boolean {
    const value = this.u32be()
    if (value > 1) throw new MalformedError(`${value} where a boolean was due`)
    return value === 1
  }

  /** Bytes whose number both sides know beforehand. */
  fixed(byteCount: number): Buffer {
    const bytes = this.take(byteCount)
    const over = byteCount % 4
    if (over !== 0) this.skip(4 - over)
    return bytes
  }

  /** Bytes that come with their number, which must not be above a limit. */
  opaque(maxBytes: number): Buffer {
    const byteCount = this.u32be()
    if (byteCount > maxBytes) {
      throw new MalformedError(`${byteCount} bytes where at most ${maxBytes} are allowed`)
    }
    return this.fixed(byteCount)
  }

  text(maxBytes: number): string {
    return this.opaque(maxBytes).toString('utf8')
  }

  /** The number of elements that follow, which must not be above a limit. */
  count(maxCount: number): number {
    const count = this.u32be()
    if (count > maxCount) {
      throw new MalformedError(`${count} elements where at most ${maxCount} are allowed`)
    }
    return count
  }
}
