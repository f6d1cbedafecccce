import t from 'tap'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { Reader } from '../../src/wire/reader.ts'

const bytes = Buffer.from('0102030405060708090a0b0c0d0e0f10', 'hex')

t.test('numbers are read in both byte orders, one after the other', async (t) => {
  const r = new Reader(bytes)
  t.equal(r.u8(), 0x01)
  t.equal(r.u16le(), 0x0302)
  t.equal(r.u16be(), 0x0405)
  t.equal(r.u32le(), 0x09080706)
  t.equal(r.u32be(), 0x0a0b0c0d)
  t.equal(r.at, 13)
  t.equal(r.left, 3)
  t.equal(new Reader(bytes).u64le(), 0x0807060504030201n)
  t.equal(new Reader(bytes, 8).u64be(), 0x090a0b0c0d0e0f10n)
})

t.test('a plain Uint8Array is read where it lies, inside its buffer', async (t) => {
  const inside = new Uint8Array(new Uint8Array([9, 1, 2, 9]).buffer, 1, 2)
  t.equal(new Reader(inside).u16be(), 0x0102)
})

t.test('taking, slicing and the rest give views and not copies', async (t) => {
  const own = Buffer.from(bytes)
  const r = new Reader(own)
  const taken = r.take(2)
  const sliced = r.slice(1, 2)
  t.equal(r.at, 2, 'a slice does not move the reader')
  const rest = r.rest()
  t.equal(r.left, 0)
  own.fill(0xff)
  t.strictSame([...taken, ...sliced], [0xff, 0xff, 0xff, 0xff])
  t.strictSame([...rest], Array<number>(14).fill(0xff))
})

t.test('skip and align move forward, align not at all where it already fits', async (t) => {
  const r = new Reader(bytes)
  r.align(4)
  t.equal(r.at, 0)
  r.skip(1)
  r.align(4)
  t.equal(r.at, 4)
  r.align(8)
  t.equal(r.at, 8)
})

t.test('whatever goes outside the message is refused and moves nothing', async (t) => {
  const short = new Reader(Buffer.from([1]))
  for (const read of ['u16le', 'u16be', 'u32le', 'u32be', 'u64le', 'u64be'] as const) {
    t.throws(() => short[read](), MalformedError, read)
  }
  t.throws(() => {
    short.skip(2)
  }, MalformedError)
  t.throws(() => {
    short.skip(-1)
  }, MalformedError)
  t.throws(() => {
    short.skip(0.5)
  }, MalformedError)
  t.equal(short.u8(), 1, 'still at the start')
  t.throws(() => short.u8(), MalformedError)
  t.throws(() => {
    short.align(4)
  }, MalformedError)
  for (const [offset, count] of [
    [0, 2],
    [1, 1],
    [-1, 1],
    [0, -1],
    [0.5, 1],
    [0, 0.5],
    [2, 0],
  ] as const) {
    t.throws(() => short.slice(offset, count), MalformedError, `slice ${offset} ${count}`)
  }
  t.equal(short.slice(1, 0).length, 0)
  for (const offset of [-1, 2, 0.5, Number.NaN]) {
    t.throws(
      () => {
        short.seek(offset)
      },
      MalformedError,
      `seek ${offset}`,
    )
  }
  short.seek(1)
  t.equal(short.left, 0)
})

t.test('bytes too many are refused where the message must end', async (t) => {
  t.throws(() => {
    new Reader(bytes).expectEnd()
  }, MalformedError)
  t.doesNotThrow(() => {
    new Reader(bytes, 16).expectEnd()
  })
})
