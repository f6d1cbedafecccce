import type { Test } from 'tap'
import { XdrReader } from '../../src/rpc/xdr-reader.ts'
import { XdrWriter } from '../../src/rpc/xdr-writer.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'

/** Results are read to their end, and every one that was cut off is refused. */
export function reads<R>(
  t: Test,
  { decode }: { decode: (reader: XdrReader) => R },
  whole: Buffer,
  expected: R,
): void {
  const reader = new XdrReader(whole)
  t.same(decode(reader), expected, 'what the bytes say')
  t.equal(reader.left, 0, 'every byte is read')
  const taken: number[] = []
  for (let length = 0; length < whole.length; length++) {
    try {
      decode(new XdrReader(whole.subarray(0, length)))
      taken.push(length)
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error
    }
  }
  t.same(taken, [], 'no prefix is taken for the whole')
}

/** What an operation or a procedure puts on the wire. */
export function written(encode: (writer: XdrWriter) => void): Buffer {
  const writer = new XdrWriter()
  encode(writer)
  return Buffer.from(writer.done())
}
