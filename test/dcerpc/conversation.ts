import t from 'tap'
import { Conversation, type Pipe } from '../../src/dcerpc/conversation.ts'
import { DcerpcError } from '../../src/dcerpc/dcerpc-error.ts'
import { srvsvc } from '../../src/dcerpc/net-share-enum.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { bind, bindAck, fragment, fragments, output, request, response } from '../helpers/srvsvc.ts'

/** A pipe that gives these pieces, whatever it is told; what it was told is kept. */
function pipeOf(...pieces: Buffer[]): Pipe & { told: Buffer[] } {
  const told: Buffer[] = []
  const next = async () => pieces.shift() ?? Buffer.alloc(0)
  return {
    told,
    transact: async (message) => {
      told.push(message)
      return next()
    },
    read: next,
  }
}

const call = async (...pieces: Buffer[]) =>
  (await Conversation.open(pipeOf(bindAck, ...pieces), srvsvc)).call(15, request.subarray(24))

t.test('says what it said to a real server, and takes its answer', async (t) => {
  const pipe = pipeOf(bindAck, response)
  const conversation = await Conversation.open(pipe, srvsvc)
  t.same(await conversation.call(15, request.subarray(24)), output)
  t.same(pipe.told, [bind, request])
})

t.test('an answer comes in any number of fragments and pieces', async (t) => {
  for (const count of [1, 2, 5, 40]) {
    t.same(await call(...fragments(2, output, count)), output, `${count} fragments`)
    const whole = Buffer.concat(fragments(2, output, count))
    t.same(await call(whole), output, `${count} fragments at once`)
    const bytes = Array.from(whole, (byte) => Buffer.from([byte]))
    t.same(await call(...bytes), output, `${count} fragments byte by byte`)
  }
})

t.test('refusals come with their numbers', async (t) => {
  const nak = fragment(13, 3, 1, Buffer.from([4, 0]))
  await t.rejects(Conversation.open(pipeOf(nak), srvsvc), new DcerpcError('bind', 4))
  const fault = fragment(3, 3, 2, Buffer.from('000000000000000005000000', 'hex'))
  await t.rejects(call(fault), new DcerpcError('call', 5))
})

t.test('nonsense is refused, however long it goes on', async (t) => {
  const [first = output, last = output] = fragments(2, output, 2)
  const empty = fragment(2, 0, 2, Buffer.alloc(8))
  const huge = fragment(2, 0, 2, Buffer.alloc(65_000))
  const cases: [string, Buffer[]][] = [
    ['nothing', []],
    ['half a fragment', [response.subarray(0, 100)]],
    ['no last fragment', [first]],
    ['the last one first', [last]],
    ['two first ones', [first, first]],
    ['an answer to a bind', [fragment(12, 3, 2, bindAck.subarray(16))]],
    ['empty fragments without end', [first, ...Array.from({ length: 5000 }, () => empty)]],
    ['large ones without end', [first, ...Array.from({ length: 70 }, () => huge)]],
  ]
  for (const [what, pieces] of cases) await t.rejects(call(...pieces), MalformedError, what)
  await t.rejects(Conversation.open(pipeOf(response), srvsvc), MalformedError, 'no bind')
  const asked = await Conversation.open(
    pipeOf(bindAck, Buffer.concat([response, response])),
    srvsvc,
  )
  await asked.call(15, request)
  await t.rejects(asked.call(15, request), /nobody awaits/)
})
