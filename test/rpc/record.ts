import t from 'tap'
import { markRecord, readRecord } from '../../src/rpc/record.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { bytes, u32 } from '../helpers/rpc-bytes.ts'

const last = 0x80000000

function source(...parts: Buffer[]) {
  let left = bytes(...parts)
  const asked: number[] = []
  return {
    asked,
    readNow: () => undefined,
    read: async (byteCount: number) => {
      asked.push(byteCount)
      if (byteCount > left.length) throw new Error('nothing more')
      const taken = left.subarray(0, byteCount)
      left = left.subarray(byteCount)
      return taken
    },
  }
}

t.test('a message goes out as one last fragment', async (t) => {
  t.same(markRecord(bytes(u32(0), Buffer.from('abcd'))), bytes(u32(last + 4), Buffer.from('abcd')))
})

t.test('a record is put together from its fragments', async (t) => {
  const whole = (parts: Buffer[]) => readRecord(source(...parts)).then(String)
  t.equal(await whole([u32(last + 4), Buffer.from('abcd')]), 'abcd')
  t.equal(await whole([u32(last)]), '')
  const pieces = [u32(2), Buffer.from('ab'), u32(0), u32(1), Buffer.from('c'), u32(last + 1)]
  t.equal(await whole([...pieces, Buffer.from('d')]), 'abcd')
})

t.test('what has come already is not waited for', async (t) => {
  const whole = bytes(u32(2), Buffer.from('ab'), u32(last + 2), Buffer.from('cd'))
  let at = 0
  const there = {
    readNow: (byteCount: number) => whole.subarray(at, (at += byteCount)),
    read: async () => Promise.reject(new Error('waited')),
  }
  t.equal(String(await readRecord(there)), 'abcd')
})

t.test('a record of 2 GB is refused before any of it is read', async (t) => {
  for (const mark of [0xffffffff, 0x7fffffff]) {
    const endless = source(u32(mark))
    await t.rejects(readRecord(endless), MalformedError)
    t.same(endless.asked, [4])
  }
})

t.test('fragments that add up to too much are refused', async (t) => {
  const fragment = bytes(u32(0x10000), Buffer.alloc(0x10000))
  await t.rejects(readRecord(source(fragment, fragment, fragment, fragment, fragment)), {
    message: /a record of \d+ bytes or more/,
  })
})

t.test('fragments without an end are refused', async (t) => {
  await t.rejects(
    readRecord({
      readNow: (byteCount) => Buffer.alloc(byteCount),
      read: async (byteCount) => Buffer.alloc(byteCount),
    }),
    {
      message: 'a record of 1024 fragments or more',
    },
  )
})
