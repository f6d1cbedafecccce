import type { Test } from 'tap'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { Reader } from '../../src/wire/reader.ts'

/** A reader on a body behind a header of zeros, where offsets count from the header's start. */
export function bodyReader(body: Uint8Array): Reader {
  return new Reader(Buffer.concat([Buffer.alloc(64), body]), 64)
}

export const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex')

/** Every prefix of a body is refused, as is one that says it is of another size. */
export function refusesDamage(t: Test, body: Buffer, decode: (reader: Reader) => unknown): void {
  t.doesNotThrow(() => decode(bodyReader(body)), 'the whole body is taken')
  for (let length = 0; length < body.length; length++) {
    const cut = bodyReader(body.subarray(0, length))
    t.throws(() => decode(cut), MalformedError, `${length} of ${body.length} bytes`)
  }
  const other = Buffer.from(body)
  other.writeUInt16LE(body.readUInt16LE() + 1)
  t.throws(() => decode(bodyReader(other)), MalformedError, 'another structure size')
}
