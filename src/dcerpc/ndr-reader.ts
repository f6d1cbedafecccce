import { MalformedError } from '../wire/malformed-error.ts'
import { Reader } from '../wire/reader.ts'

/** Reads NDR (C706 14.2, 14.3): every number at a multiple of its size, what pointers lead to behind them. */
export class NdrReader extends Reader {
  u32(): number {
    this.align(4)
    return this.u32le()
  }

  /** Whether a pointer leads anywhere; only its being there says so, not its number. */
  pointer(): boolean {
    return this.u32() !== 0
  }

  /** A conformant varying string of UTF-16, up to its first NUL. */
  text(): string {
    const room = this.u32()
    const offset = this.u32()
    const length = this.u32()
    if (offset !== 0 || length > room) {
      throw new MalformedError(`${length} characters from ${offset} in a string of ${room}`)
    }
    const text = this.take(length * 2).toString('utf16le')
    const end = text.indexOf('\0')
    return end < 0 ? text : text.slice(0, end)
  }
}
