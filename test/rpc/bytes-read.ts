import t from 'tap'
import { bytesRead } from '../../src/rpc/bytes-read.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'

t.test('as many bytes as were asked for, or fewer, are what was read', async (t) => {
  for (const [length, isEnd] of [
    [4096, false],
    [4096, true],
    [4095, false],
    [1, false],
    [1, true],
  ] as const) {
    const data = Buffer.alloc(length, 7)
    t.equal(bytesRead(data, isEnd, 4096), data, `${length} bytes`)
  }
})

t.test('an empty file is nothing, and its end', async (t) => {
  t.equal(bytesRead(Buffer.alloc(0), true, 4096).length, 0)
  t.throws(() => bytesRead(Buffer.alloc(0), false, 4096), MalformedError)
})

t.test('more than was asked for is refused', async (t) => {
  for (const isEnd of [false, true]) {
    t.throws(() => bytesRead(Buffer.alloc(4097), isEnd, 4096), MalformedError)
  }
})
