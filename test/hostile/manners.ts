import type { Socket } from 'node:net'
import { randomBytes } from 'node:crypto'
import t from 'tap'
import { randomFrom } from '../helpers/hostile/changes.ts'
import type { Field } from '../helpers/hostile/field.ts'
import type { Message } from '../helpers/hostile/message.ts'
import { NfsLiar, type NfsLie, type Reply } from '../helpers/hostile/nfs-liar.ts'
import { nfsRuns } from '../helpers/hostile/nfs-run.ts'
import { marked } from '../helpers/hostile/rpc-host.ts'
import { layoutOf } from '../helpers/hostile/smb-layout.ts'
import { type Answer, SmbLiar, type SmbLie } from '../helpers/hostile/smb-liar.ts'
import { type SmbRun, smbRuns } from '../helpers/hostile/smb-run.ts'
import { type Input, Trial } from '../helpers/hostile/trial.ts'
import { frame, header } from '../helpers/smb-server.ts'
import { u32 } from '../helpers/rpc-bytes.ts'

// Servers that are healthy and have ways of their own: none of this may be called a fault.

t.setTimeout(3_600_000)

const trial = new Trial(t, 'manners')
const { isLong, seed } = trial.form
const random = randomFrom(seed)
const rounds = isLong ? 40 : 4

/** Everything that does not matter, at random. */
function scribbled(bytes: Buffer, fields: readonly Field[]): Buffer {
  const copy = Buffer.from(bytes)
  for (const { at, bytes: length, judge } of fields) {
    if (judge === 'good') randomBytes(length).copy(copy, at)
  }
  return copy
}

/** One after the other, however long each takes. */
function inTurn(how: (socket: Socket, whole: Buffer, done: () => void) => void) {
  const queues = new WeakMap<Socket, Buffer[]>()
  return (socket: Socket, whole: Buffer): void => {
    const queue = queues.get(socket)
    if (queue !== undefined) {
      queue.push(whole)
      return
    }
    const mine = [whole]
    queues.set(socket, mine)
    const next = () => {
      const first = mine.shift()
      if (first === undefined) queues.delete(socket)
      else how(socket, first, next)
    }
    next()
  }
}

const bytewise = inTurn((socket, whole, done) => {
  let at = 0
  const more = () => {
    if (socket.destroyed) return
    if (at === whole.length) done()
    else socket.write(whole.subarray(at, ++at), () => setImmediate(more))
  }
  more()
})

/** One answer in two segments, the others whole, all in their order. */
function inTwo(place: number, cut: number): (socket: Socket, whole: Buffer, at: number) => void {
  const parts = new WeakMap<Buffer, number>()
  const send = inTurn((socket, whole, done) => {
    const kept = parts.get(whole) ?? whole.length
    socket.write(whole.subarray(0, kept), () =>
      setImmediate(() => {
        if (!socket.destroyed && kept < whole.length) socket.write(whole.subarray(kept))
        done()
      }),
    )
  })
  return (socket, whole, at) => {
    if (at === place) parts.set(whole, cut)
    send(socket, whole)
  }
}

type Way = { name: string; lie: SmbLie }

function smbWays(run: SmbRun): Way[] {
  const at14 = (message: Buffer, credits: number) => {
    message.writeUInt16LE(credits, 14)
    return message
  }
  // A session that was asked for asks for the key of what it says: only what is ahead of that is scribbled on.
  const scribble = (message: Buffer, step: Answer['step']) =>
    scribbled(message, step === 'netbios' ? [] : tamed(layoutOf(step, message, run), run))
  return [
    {
      name: 'bytes behind every answer',
      lie: {
        ownWord: (message) => Buffer.concat([message, randomBytes(1 + Math.floor(random() * 16))]),
      },
    },
    {
      name: 'zeros behind every answer, up to a multiple of eight',
      lie: {
        ownWord: (message) => Buffer.concat([message, Buffer.alloc(8 - (message.length % 8))]),
      },
    },
    {
      name: 'no more credits than the first',
      lie: { ownWord: (message) => at14(message, message.readUInt16LE(12) === 0 ? 20 : 0) },
    },
    { name: 'one credit at a time', lie: { ownWord: (message) => at14(message, 1) } },
    { name: 'all credits there are', lie: { ownWord: (message) => at14(message, 0xffff) } },
    { name: 'byte by byte', lie: { onTheWire: bytewise } },
    {
      name: 'interim answers, breaks and keep-alives in front',
      lie: {
        before: (_step, messageId) => [
          header({ command: 3, messageId, status: 0x103, flags: 3 }),
          header({ command: 18, messageId: 0xffff_ffff_ffff_ffffn }),
        ],
        onTheWire: (socket, whole) => {
          socket.write(Buffer.concat([frame(Buffer.alloc(0), 0x85), whole]))
        },
      },
    },
    {
      name: 'anything where nothing matters',
      lie: {
        ownWord: (message) => {
          const step = stepOf(message)
          return step === undefined ? message : scribble(message, step)
        },
      },
    },
  ]
}

/** By its command; the first SESSION_SETUP asks for more. */
function stepOf(message: Buffer): Answer['step'] | undefined {
  const command = message.readUInt16LE(12)
  if (command === 1) return message.readUInt32LE(8) === 0 ? 'session' : 'challenge'
  const steps = { 0: 'negotiate', 2: 'logoff', 3: 'tree', 4: 'disconnect', 5: 'create', 6: 'close' }
  const others = { 8: 'read', 9: 'write', 11: 'validate', 14: 'list' }
  return ({ ...steps, ...others } as Record<number, Answer['step']>)[command]
}

/** A user's server signs over what it says, so that the signature is not there to be scribbled on. */
function tamed(fields: Field[], run: SmbRun): Field[] {
  return run.who === 'user' ? fields.filter(({ name }) => name !== 'signature') : fields
}

function* smbInputs(run: SmbRun, answers: readonly Answer[]): Generator<Input<SmbLie>> {
  for (let round = 0; round < rounds; round++) {
    for (const { name, lie } of smbWays(run)) {
      yield { case: `${run.name}: ${name}`, what: `round ${round}`, expected: 'good', lie }
    }
  }
  for (const [place, { frames }] of answers.entries()) {
    for (let cut = 1; cut < frames.length; cut++) {
      if (!isLong && random() > 0.1) continue
      yield {
        case: `${run.name}: two segments`,
        what: `answer ${place} after ${cut} bytes`,
        expected: 'good',
        lie: { onTheWire: inTwo(place, cut) },
      }
    }
  }
}

for (const run of smbRuns) {
  t.test(`${run.name}: the ways of healthy servers are taken`, async (t) => {
    const honest = await SmbLiar.start(run)
    const outcome = await honest.check({}, AbortSignal.timeout(60_000))
    t.equal(outcome.kind, 'ok', 'the good run')
    await honest.close()
    const pace = { deadlineMs: 3000 }
    await trial.tell(t, () => SmbLiar.start(run), smbInputs(run, honest.answers), pace)
  })
}

const context = (type: number, data: Buffer, isLast: boolean) => {
  const head = Buffer.alloc(8)
  head.writeUInt16LE(type, 0)
  head.writeUInt16LE(data.length, 2)
  return Buffer.concat([head, data, Buffer.alloc(isLast ? 0 : (8 - (data.length % 8)) % 8)])
}

/** An answer to NEGOTIATE with these contexts, behind a security buffer. */
function negotiateWith(message: Buffer, contexts: [number, Buffer][], token: Buffer): Buffer {
  const fixed = Buffer.from(message.subarray(0, 128))
  const gap = Buffer.alloc((8 - (token.length % 8)) % 8)
  fixed.writeUInt16LE(contexts.length, 70)
  fixed.writeUInt16LE(128, 120)
  fixed.writeUInt16LE(token.length, 122)
  fixed.writeUInt32LE(128 + token.length + gap.length, 124)
  const last = contexts.length - 1
  const encoded = contexts.map(([type, data], i) => context(type, data, i === last))
  return Buffer.concat([fixed, token, gap, ...encoded])
}

t.test(
  'negotiate contexts come in any order, with others, behind any security buffer',
  async (t) => {
    const [run] = smbRuns
    if (run === undefined) throw new Error('no run')
    const hash: [number, Buffer] = [
      1,
      Buffer.concat([Buffer.from([1, 0, 32, 0, 1, 0]), randomBytes(32)]),
    ]
    const noSalt: [number, Buffer] = [1, Buffer.from([1, 0, 0, 0, 1, 0])]
    const cipher: [number, Buffer] = [2, Buffer.from([1, 0, 2, 0])]
    const noCipher: [number, Buffer] = [2, Buffer.from([1, 0, 0, 0])]
    const signing: [number, Buffer] = [8, Buffer.from([1, 0, 2, 0])]
    const others: [number, Buffer][] = [
      [3, Buffer.from('0100000000000000010000', 'hex')],
      [6, Buffer.alloc(4)],
      [7, Buffer.alloc(6)],
      [0x100, Buffer.alloc(0)],
      [0xffff, randomBytes(100)],
    ]
    const hint = Buffer.from('602806062b0601050502a01e301ca01a3018060a2b06010401823702021e', 'hex')
    const lists: [number, Buffer][][] = [
      [hash, cipher, signing],
      [signing, cipher, hash],
      [cipher, signing, noSalt],
      [hash, noCipher, signing],
      [hash, signing],
      [...others, hash, cipher, signing],
      [hash, ...others, cipher, signing, ...others.slice(0, 1)],
    ]
    const inputs = lists.flatMap((list, i) =>
      [Buffer.alloc(0), hint, randomBytes(500)].map((token): Input<SmbLie> => ({
        case: 'negotiate contexts',
        what: `list ${i}, token of ${token.length} bytes`,
        expected: 'good',
        lie: {
          ownWord: (message, place) =>
            place === 0 ? negotiateWith(message, list, token) : message,
        },
      })),
    )
    await trial.tell(t, () => SmbLiar.start(run), inputs, { deadlineMs: 3000 })
  },
)

t.test('the last two answers come in one frame, or the other way round', async (t) => {
  const [, run] = smbRuns
  if (run === undefined) throw new Error('no run')
  const honest = await SmbLiar.start(run)
  await honest.check({}, AbortSignal.timeout(60_000))
  await honest.close()
  const last = honest.answers.length - 1
  const held = (join: (first: Buffer, second: Buffer) => Buffer): SmbLie => {
    const kept = new WeakMap<Socket, Buffer>()
    return {
      onTheWire: (socket, whole, place) => {
        if (place === last - 1) kept.set(socket, whole)
        else socket.write(place === last ? join(kept.get(socket) ?? Buffer.alloc(0), whole) : whole)
      },
    }
  }
  const compound = (padding: number) => (first: Buffer, second: Buffer) => {
    const message = Buffer.concat([first.subarray(4), Buffer.alloc(padding)])
    message.writeUInt32LE(message.length, 20)
    return frame(Buffer.concat([message, second.subarray(4)]))
  }
  const inputs = [
    ['one compound', compound(4)] as const,
    ['one compound with much room between', compound(100)] as const,
    ['one segment', (a: Buffer, b: Buffer) => Buffer.concat([a, b])] as const,
    ['the other way round', (a: Buffer, b: Buffer) => Buffer.concat([b, a])] as const,
  ].map(([what, join]): Input<SmbLie> => ({
    case: 'the last two answers',
    what,
    expected: 'good',
    lie: held(join),
  }))
  await trial.tell(t, () => SmbLiar.start(run), inputs, { width: 1, deadlineMs: 3000 })
})

const stray = marked(u32(12_345, 1, 0, 0, 0, 0))

const fragmentSizes = { 'of one byte': 1, 'of four bytes': 4, 'of seven bytes': 7 }

function fragmented(whole: Buffer, size: number): Buffer {
  const message = whole.subarray(4)
  const parts: Buffer[] = []
  for (let at = 0; at < message.length; at += size) {
    const part = message.subarray(at, at + size)
    const mark = part.length + (at + size >= message.length ? 0x8000_0000 : 0)
    parts.push(u32(0), u32(mark), part)
  }
  return Buffer.concat(parts)
}

function nfsWays(replies: readonly Reply[]): { name: string; lie: NfsLie }[] {
  const messages: (Message | undefined)[] = replies.map(({ message }) => message)
  return [
    {
      name: 'anything where nothing matters',
      lie: {
        inFlight: (reply, place) => {
          const message = messages[place]
          return message === undefined ? reply : scribbled(reply, message.fields)
        },
      },
    },
    {
      name: 'bytes behind every reply',
      lie: {
        inFlight: (reply) =>
          Buffer.concat([reply, randomBytes(4 * (1 + Math.floor(random() * 8)))]),
      },
    },
    { name: 'byte by byte', lie: { onTheWire: bytewise } },
    {
      name: 'replies to nobody in front',
      lie: {
        onTheWire: (socket, whole) => {
          socket.write(Buffer.concat([...Array.from({ length: 20 }, () => stray), whole]))
        },
      },
    },
    {
      name: 'every reply twice',
      lie: {
        onTheWire: (socket, whole) => {
          socket.write(Buffer.concat([whole, whole]))
        },
      },
    },
    ...Object.entries(fragmentSizes).map(([name, size]) => ({
      name: `fragments ${name}, and empty ones between`,
      lie: {
        onTheWire: (socket: Socket, whole: Buffer) => {
          socket.write(fragmented(whole, size))
        },
      },
    })),
  ]
}

function* nfsInputs(name: string, replies: readonly Reply[]): Generator<Input<NfsLie>> {
  for (let round = 0; round < rounds; round++) {
    for (const way of nfsWays(replies)) {
      yield { case: `${name}: ${way.name}`, what: `round ${round}`, expected: 'good', lie: way.lie }
    }
  }
  for (const [place, { message }] of replies.entries()) {
    for (let cut = 1; cut < message.bytes.length + 4; cut++) {
      if (!isLong && random() > 0.08) continue
      yield {
        case: `${name}: two segments`,
        what: `reply ${place} after ${cut} bytes`,
        expected: 'good',
        lie: { onTheWire: inTwo(place, cut) },
      }
    }
  }
}

for (const run of nfsRuns) {
  t.test(`${run.name}: the ways of healthy servers are taken`, async (t) => {
    const honest = await NfsLiar.start(run)
    const outcome = await honest.check({}, AbortSignal.timeout(60_000))
    t.equal(outcome.kind, 'ok', 'the good run')
    await honest.close()
    const pace = { deadlineMs: 3000 }
    await trial.tell(t, () => NfsLiar.start(run), nfsInputs(run.name, honest.replies), pace)
  })
}

t.test('nothing is left of all these checks', (t) => trial.leavesNothing(t))
