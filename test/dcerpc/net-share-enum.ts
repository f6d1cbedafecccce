import t from 'tap'
import { Conversation, type Pipe } from '../../src/dcerpc/conversation.ts'
import { DcerpcError } from '../../src/dcerpc/dcerpc-error.ts'
import {
  decodeNetShareEnum,
  encodeNetShareEnum,
  listAllShares,
  srvsvc,
} from '../../src/dcerpc/net-share-enum.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { bindAck, enumOutput, fragments, output, request, shares } from '../helpers/srvsvc.ts'

t.test('asks as a real server understood it', async (t) => {
  t.same(encodeNetShareEnum('10.213.1.2', 0), request.subarray(24))
})

t.test('reads what a real server answered, and no prefix of it', async (t) => {
  t.same(decodeNetShareEnum(output), { shares, total: 9, resume: 0, hasMore: false })
  for (let length = 0; length < output.length; length++) {
    t.throws(() => decodeNetShareEnum(output.subarray(0, length)), MalformedError, `${length}`)
  }
})

t.test('what is empty is empty, in each of its forms', async (t) => {
  const tail = '00000000 00000000 00000000'
  for (const container of ['00000000', '00000200 00000000 00000000']) {
    const bytes = Buffer.from(`01000000 01000000 ${container} ${tail}`.replaceAll(' ', ''), 'hex')
    t.match(decodeNetShareEnum(bytes), { shares: [], total: 0, hasMore: false })
  }
})

t.test('a refusal is no empty list', async (t) => {
  t.throws(() => decodeNetShareEnum(enumOutput([], { status: 5 })), DcerpcError)
})

t.test('an array that is not what it says is refused', async (t) => {
  const of = (at: number, value: number) => {
    const bytes = enumOutput(shares)
    bytes.writeUInt32LE(value, at)
    return bytes
  }
  const cases: [number, number, string][] = [
    [0, 2, 'another level'],
    [4, 2, 'another arm'],
    [12, 10, 'more entries than the array has'],
    [12, 0xffff_ffff, 'more entries than there are bytes'],
    [16, 0, 'entries and no array'],
    [24, 0, 'a share without a name'],
  ]
  for (const [at, value, what] of cases) {
    t.throws(() => decodeNetShareEnum(of(at, value)), MalformedError, what)
  }
})

/** A server that answers one page after the other. */
async function listed(...pages: Buffer[]) {
  let calls = 0
  const pipe: Pipe = {
    transact: async () => {
      const page = calls === 0 ? undefined : (pages[calls - 1] ?? pages.at(-1) ?? output)
      calls += 1
      const [whole = bindAck] = page === undefined ? [] : fragments(calls, page, 1)
      return whole
    },
    read: async () => Buffer.alloc(0),
  }
  return listAllShares(await Conversation.open(pipe, srvsvc), 'server')
}

t.test('a list in pages is put together', async (t) => {
  const first = enumOutput(shares.slice(0, 4), { total: 9, resume: 4, status: 234 })
  t.same(await listed(first, enumOutput(shares.slice(4), { total: 5 })), shares)
  t.same(await listed(output), shares)
})

t.test('a list that does not end, or lacks some, is refused', async (t) => {
  const more = { total: 9, resume: 4, status: 234 }
  await t.rejects(listed(enumOutput([], more)), MalformedError)
  await t.rejects(listed(enumOutput(shares, more), enumOutput(shares, more)), MalformedError)
  await t.rejects(listed(enumOutput(shares, { total: 10 })), /9 shares of 10/)
  const pages = Array.from({ length: 300 }, (_, at) =>
    enumOutput(shares, { total: 9, resume: at + 1, status: 234 }),
  )
  await t.rejects(listed(...pages), /more than 256 pages/)
})
