import t from 'tap'
import { XdrReader } from '../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { bytes, opaque, u32, u64 } from '../helpers/rpc-bytes.ts'

t.test('numbers are big-endian', async (t) => {
  const reader = new XdrReader(bytes(u32(0x01020304), u64(0x0102030405060708n), u32(1, 0)))
  t.equal(reader.u32(), 0x01020304)
  t.equal(reader.u64(), 0x0102030405060708n)
  t.equal(reader.bool(), true)
  t.equal(reader.bool(), false)
})

t.test('bytes are followed by their filling', async (t) => {
  for (const text of ['', 'a', 'ab', 'abc', 'abcd', 'abcde']) {
    const reader = new XdrReader(bytes(opaque(text), u32(42)))
    t.equal(reader.text(8), text)
    t.equal(reader.u32(), 42, `after ${text.length} bytes`)
  }
  const fixed = new XdrReader(bytes([1, 2, 3, 0], u32(42)))
  t.same(fixed.fixed(3), Buffer.from([1, 2, 3]))
  t.equal(fixed.u32(), 42)
})

t.test('what cannot be is refused', async (t) => {
  const refused = (what: string, wrong: Buffer, read: (reader: XdrReader) => unknown) =>
    t.throws(() => read(new XdrReader(wrong)), MalformedError, what)
  refused('a boolean of 2', u32(2), (reader) => reader.bool())
  refused('more bytes than allowed', opaque('abcde'), (reader) => reader.opaque(4))
  refused('4 GB of bytes', u32(0xffffffff), (reader) => reader.opaque(0xffffffff))
  refused('missing filling', bytes(u32(1), [1]), (reader) => reader.opaque(4))
  refused('more elements than allowed', u32(3), (reader) => reader.count(2))
})

t.test('a count that is allowed is given', async (t) => {
  t.equal(new XdrReader(u32(2)).count(2), 2)
})
