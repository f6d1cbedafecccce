import t from 'tap'
import { Writer } from '../../src/wire/writer.ts'

t.test('numbers and bytes come out in the order and byte order they went in', async (t) => {
  const w = new Writer()
    .u8(1)
    .u16le(0x0302)
    .u16be(0x0405)
    .u32le(0x09080706)
    .u32be(0x0a0b0c0d)
    .put(Buffer.from([0x0e, 0x0f, 0x10]))
    .u64le(0x1817161514131211n)
    .u64be(0x191a1b1c1d1e1f20n)
  t.equal(
    w.done().toString('hex'),
    Array.from({ length: 32 }, (_, i) => (i + 1).toString(16).padStart(2, '0')).join(''),
  )
})

t.test('it grows as needed, wherever the growth falls', async (t) => {
  const w = new Writer(1)
  for (let i = 0; i < 300; i++) w.u8(i & 0xff)
  w.put(Buffer.alloc(5000, 7))
  t.equal(w.length, 5300)
  t.equal(w.done()[299], 299 & 0xff)
  t.equal(w.done()[5299], 7)
})

t.test('zeros are zeros, also over memory that was used before', async (t) => {
  const w = new Writer(4).put(Buffer.alloc(64, 0xff)).zeros(70)
  t.ok(
    w
      .done()
      .subarray(64)
      .every((b) => b === 0),
  )
})

t.test('align fills up to the boundary and not past it', async (t) => {
  const w = new Writer().u8(1).align(8)
  t.equal(w.length, 8)
  t.equal(w.align(8).length, 8)
})

t.test('what was left open can be filled in later', async (t) => {
  const w = new Writer().zeros(10)
  w.patchU16le(0, 0x0201).patchU32le(2, 0x06050403).patchU32be(6, 0x0708090a)
  t.equal(w.done().toString('hex'), '0102030405060708090a')
})
