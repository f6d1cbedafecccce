import t from 'tap'
import type { SmbConnection } from '../../src/smb/connection.ts'
import { Sealer } from '../../src/smb/sealing.ts'
import { Signer } from '../../src/smb/signing.ts'
import { Smb1OnlyError } from '../../src/smb/smb1-only-error.ts'
import { StatusError } from '../../src/smb/status-error.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { hex } from '../helpers/smb-codec.ts'
import { connectPeer } from '../helpers/smb-peer.ts'
import { frame, header } from '../helpers/smb-server.ts'
import { seal, signature } from '../helpers/smb-server-crypto.ts'

const body = hex('04000000')
const logoff = { command: 2, body } as const
const disconnect = { command: 4, body, treeId: 7 } as const
const key = Buffer.alloc(16, 9)

/** The good answer to a request, or one that differs in a field. */
function answerTo(request: Buffer, change: Partial<Parameters<typeof header>[0]> = {}): Buffer {
  const fields = {
    command: request.readUInt16LE(12),
    messageId: request.readBigUInt64LE(24),
    treeId: request.readUInt32LE(36),
    sessionId: request.readBigUInt64LE(40),
    ...change,
  }
  return Buffer.concat([header(fields), body])
}

function signed(message: Buffer): Buffer {
  const copy = Buffer.from(message)
  copy.writeUInt32LE(copy.readUInt32LE(16) | 8, 16)
  signature(0, key, copy).copy(copy, 48)
  return copy
}

t.test('numbers its requests, asks for credits, and says whose they are', async (t) => {
  const { connection, received } = await connectPeer(t, (request) => frame(answerTo(request)))
  await connection.ask({ command: 0, body })
  connection.speak(0x0311)
  connection.enterSession(0x77n)
  await connection.ask(logoff)
  await connection.ask(disconnect)
  t.same(
    received.map((m) => [m.readUInt16LE(12), m.readBigUInt64LE(24), m.readBigUInt64LE(40)]),
    [
      [0, 0n, 0n],
      [2, 1n, 0x77n],
      [4, 2n, 0x77n],
    ],
  )
  t.same(
    received.map((m) => [m.readUInt16LE(6), m.readUInt32LE(36)]),
    [
      [1, 0],
      [1, 0],
      [1, 7],
    ],
  )
  t.ok(received.every((m) => m.readUInt16LE(14) > 0))
})

t.test('charges no credits in 2.0.2, where the field means nothing', async (t) => {
  const { connection, received } = await connectPeer(t, (request) => frame(answerTo(request)))
  connection.speak(0x0202)
  await connection.ask(logoff)
  t.equal(received[0]?.readUInt16LE(6), 0)
})

t.test('gives back what was sent and what came', async (t) => {
  const { connection, received } = await connectPeer(t, (request) => frame(answerTo(request)))
  const { request, response, header: head, body: reader } = await connection.ask(logoff)
  t.same(request, received[0])
  t.same(response, answerTo(request))
  t.equal(head.status, 0)
  t.equal(reader.at, 64)
  t.equal(reader.left, 4)
})

t.test('asks several things at once, as far as its credits go', async (t) => {
  const together: number[] = []
  const { connection } = await connectPeer(t, (request, { received }) => {
    const before = received.length
    setImmediate(() => together.push(received.length - before))
    return frame(answerTo(request, { credits: 1 }))
  })
  const exchanges = await connection.askAll([logoff, disconnect, logoff])
  t.equal(exchanges.length, 3)
  t.same(
    exchanges.map(({ header: { command } }) => command),
    [2, 4, 2],
  )
  t.same(together.slice(0, 2), [0, 0], 'one credit, one request at a time')
})

t.test('takes answers in any order, in one frame or several, and in one segment', async (t) => {
  const waiting: Buffer[] = []
  const ways = {
    'the other way round': (a: Buffer, b: Buffer) =>
      Buffer.concat([frame(answerTo(b)), frame(answerTo(a))]),
    'one compound': (a: Buffer, b: Buffer) => {
      const first = Buffer.concat([answerTo(a, { next: 72 }), Buffer.alloc(4)])
      return frame(Buffer.concat([first, answerTo(b)]))
    },
  }
  for (const [name, say] of Object.entries(ways)) {
    waiting.length = 0
    const { connection } = await connectPeer(t, (request) => {
      if (request.readBigUInt64LE(24) === 0n) return frame(answerTo(request))
      waiting.push(request)
      const [first, second] = waiting
      return first === undefined || second === undefined ? undefined : say(first, second)
    })
    await connection.ask({ command: 0, body })
    const exchanges = await connection.askAll([logoff, disconnect])
    t.same(
      exchanges.map(({ header: { command } }) => command),
      [2, 4],
      name,
    )
  }
})

t.test(
  'waits for the answer behind an interim one, and ignores what nobody asked for',
  async (t) => {
    const { connection } = await connectPeer(t, (request) => {
      const interim = answerTo(request, { status: 0x103, flags: 3, treeId: 0xaaaa })
      const oplockBreak = answerTo(request, { command: 18, messageId: 0xffffffffffffffffn })
      const last = answerTo(request, { flags: 3, treeId: 0xaaaa })
      return Buffer.concat([interim, oplockBreak, interim, last].map((each) => frame(each)))
    })
    t.equal((await connection.ask(disconnect)).header.treeId, undefined)
  },
)

t.test('counts the credits of an interim answer', async (t) => {
  const { connection } = await connectPeer(t, (request) =>
    Buffer.concat([
      frame(answerTo(request, { status: 0x103, flags: 3, credits: 1 })),
      frame(answerTo(request, { flags: 3, credits: 0 })),
    ]),
  )
  await connection.ask(logoff)
  await connection.ask(logoff)
})

t.test('stops where the server grants no credit', async (t) => {
  const { connection } = await connectPeer(t, (request) => frame(answerTo(request, { credits: 0 })))
  await connection.ask(logoff)
  await t.rejects(connection.ask(logoff), MalformedError)
  await t.rejects(connection.askAll([logoff, logoff]), MalformedError)
})

t.test('tells a refusal from what was expected', async (t) => {
  const { connection } = await connectPeer(t, (request) =>
    frame(answerTo(request, { status: 0xc0000022 })),
  )
  const expected = [0xc0000022]
  t.equal((await connection.ask({ ...logoff, expected })).header.status, 0xc0000022)
  const refusal = { name: 'StatusError', status: 0xc0000022, message: /^logoff: / }
  await t.rejects(connection.ask(logoff), refusal)
  const interim = await connectPeer(t, (request) => frame(answerTo(request, { status: 0x103 })))
  await t.rejects(interim.connection.ask(logoff), StatusError, 'interim, but not asynchronous')
})

t.test('refuses answers to something else', async (t) => {
  const cases: [string, (request: Buffer) => Buffer][] = [
    ['another message', (request) => answerTo(request, { messageId: 5n })],
    ['another command', (request) => answerTo(request, { command: 3 })],
    ['another session', (request) => answerTo(request, { sessionId: 1n })],
    ['another tree', (request) => answerTo(request, { treeId: 8 })],
    ['a request', (request) => answerTo(request, { flags: 0 })],
    ['an empty frame', () => Buffer.alloc(0)],
    ['half a header', (request) => answerTo(request).subarray(0, 40)],
    ['SMB 1', (request) => Buffer.concat([hex('ff'), answerTo(request).subarray(1)])],
    ['something sealed', (request) => Buffer.concat([hex('fd'), answerTo(request).subarray(1)])],
    [
      'something compressed',
      (request) => Buffer.concat([hex('fc'), answerTo(request).subarray(1)]),
    ],
    ['a next message within this one', (request) => answerTo(request, { next: 8 })],
    ['a next message past the end', (request) => answerTo(request, { next: 0xfffffff8 })],
    ['a next message that is none', (request) => answerTo(request, { next: 68 })],
  ]
  for (const [name, say] of cases) {
    const { connection } = await connectPeer(t, (request) => frame(say(request)))
    connection.speak(0x0311)
    connection.enterSession(0x77n)
    await t.rejects(connection.ask(disconnect), MalformedError, name)
  }
})

t.test('refuses a second answer to one request', async (t) => {
  const { connection } = await connectPeer(t, (request) => {
    const answer = frame(answerTo(request))
    return Buffer.concat([answer, answer])
  })
  await connection.ask(logoff)
  await t.rejects(connection.ask(logoff), MalformedError)
})

t.test('recognizes a server that has only SMB 1 before there is a dialect', async (t) => {
  const { connection } = await connectPeer(t, () => frame(hex('ff534d4272')))
  await t.rejects(connection.ask({ command: 0, body }), Smb1OnlyError)
})

t.test('lets the server name session and tree where they begin', async (t) => {
  const { connection } = await connectPeer(t, (request) =>
    frame(answerTo(request, { sessionId: 0x77n, treeId: request.readUInt16LE(12) === 3 ? 9 : 0 })),
  )
  t.equal((await connection.ask({ command: 1, body })).header.sessionId, 0x77n)
  connection.enterSession(0x77n)
  t.equal((await connection.ask({ command: 3, body })).header.treeId, 9)
})

const sealer = () => new Sealer(2, key, key, 0x77n)

async function protectedPeer(
  t: Parameters<typeof connectPeer>[0],
  say: (request: Buffer) => Buffer,
): Promise<{ connection: SmbConnection; received: Buffer[] }> {
  const peer = await connectPeer(t, (request) => frame(say(request)))
  peer.connection.speak(0x0311)
  peer.connection.enterSession(0x77n)
  peer.connection.startSigning(new Signer(0, key))
  return peer
}

t.test('signs what it sends, and takes what is signed rightly', async (t) => {
  const { connection, received } = await protectedPeer(t, (request) => signed(answerTo(request)))
  await connection.ask(logoff)
  const request = Buffer.from(received[0] ?? '')
  const sent = Buffer.from(request.subarray(48, 64))
  request.fill(0, 48, 64)
  t.same(sent, signature(0, key, request))
})

function forge(message: Buffer): Buffer {
  const copy = signed(message)
  copy.writeUInt8(copy.readUInt8(50) ^ 1, 50)
  return copy
}

t.test('refuses what is not signed, or signed wrongly', async (t) => {
  const unsigned = await protectedPeer(t, answerTo)
  await t.rejects(unsigned.connection.ask(logoff), {
    name: 'MalformedError',
    message: /not signed/,
  })
  const forged = await protectedPeer(t, (request) => forge(answerTo(request)))
  await t.rejects(forged.connection.ask(logoff), { name: 'MalformedError', message: /wrong sig/ })
  const refusal = await protectedPeer(t, (request) => answerTo(request, { status: 0xc0000022 }))
  await t.rejects(refusal.connection.ask(logoff), MalformedError, 'a refusal has to be signed too')
})

t.test('takes a lost session from a server that cannot sign any more', async (t) => {
  const { connection } = await protectedPeer(t, (request) =>
    answerTo(request, { status: 0xc0000203 }),
  )
  await t.rejects(connection.ask(logoff), StatusError)
})

t.test(
  'seals instead of signing, in both directions, and refuses what is not sealed',
  async (t) => {
    const plainOf = (request: Buffer) => sealer().open(request)
    const peer = await protectedPeer(t, (request) =>
      seal(2, key, 0x77n, answerTo(plainOf(request)), 1),
    )
    t.equal(peer.connection.isSealed, false)
    peer.connection.startSealing(sealer())
    t.equal(peer.connection.isSealed, true)
    const { header: head } = await peer.connection.ask(logoff)
    t.equal(head.flags & 8, 0)

    const open = await protectedPeer(t, (request) => signed(answerTo(plainOf(request))))
    open.connection.startSealing(sealer())
    await t.rejects(open.connection.ask(logoff), { name: 'MalformedError', message: /not sealed/ })
  },
)
