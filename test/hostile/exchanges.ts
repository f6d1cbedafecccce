import * as fc from 'fast-check'
import t, { type Test } from 'tap'
import { nullProcedure } from '../../src/rpc/call.ts'
import { authNone } from '../../src/rpc/credential.ts'
import { portmapper, getPort } from '../../src/rpc/portmap/get-port.ts'
import { decodeBitmap, encodeBitmap } from '../../src/rpc/nfs4/protocol.ts'
import { readRecord } from '../../src/rpc/record.ts'
import { RpcClient } from '../../src/rpc/rpc-client.ts'
import { RpcError } from '../../src/rpc/rpc-error.ts'
import { TcpTransport } from '../../src/rpc/tcp-transport.ts'
import { XdrReader } from '../../src/rpc/xdr-reader.ts'
import { XdrWriter } from '../../src/rpc/xdr-writer.ts'
import { decodeSpnegoResponse, encodeSpnegoResponse } from '../../src/smb/auth/spnego.ts'
import { decodeTargetInfo, encodeTargetInfo } from '../../src/smb/auth/target-info.ts'
import { Credentials } from '../../src/smb/auth/credentials.ts'
import { Caller } from '../../src/smb/caller.ts'
import { SmbConnection } from '../../src/smb/connection.ts'
import { Frames } from '../../src/smb/frames.ts'
import { logIn } from '../../src/smb/login.ts'
import { Offer } from '../../src/smb/negotiation.ts'
import { NetbiosRefusedError } from '../../src/smb/netbios-refused-error.ts'
import { Sealer, sealingCipher } from '../../src/smb/sealing.ts'
import { ShareTypeError } from '../../src/smb/share-type-error.ts'
import { Smb1OnlyError } from '../../src/smb/smb1-only-error.ts'
import { StatusError } from '../../src/smb/status-error.ts'
import { connectTree, leave, treeConnectBody } from '../../src/smb/tree.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { SocketError } from '../../src/wire/socket-error.ts'
import { damaged, damages } from '../helpers/hostile/damage.ts'
import { fakeTcp, inPieces } from '../helpers/hostile/fake-tcp.ts'
import { fixedSeed } from '../helpers/hostile/form.ts'
import { marked } from '../helpers/hostile/rpc-host.ts'
import { SmbLiar } from '../helpers/hostile/smb-liar.ts'
import { smbRuns } from '../helpers/hostile/smb-run.ts'
import { Trial } from '../helpers/hostile/trial.ts'
import { record, u32 } from '../helpers/rpc-bytes.ts'

t.setTimeout(3_600_000)

const trial = new Trial(t, 'exchanges')
const { isLong, seed } = trial.form
const runs = isLong ? 20_000 : 700

const bytes = (maxLength: number) =>
  fc.uint8Array({ maxLength }).map((content) => Buffer.from(content))
const cuts = fc.array(fc.nat(4000), { maxLength: 12 })

/** Holds a property against the seed that is always the same and the one of this run. */
async function holds<T>(
  t: Test,
  property: fc.IAsyncProperty<T> | fc.IProperty<T>,
  numRuns = runs,
): Promise<void> {
  for (const from of [fixedSeed, seed]) {
    const details = await fc.check(property, { seed: from, numRuns })
    trial.count(t.name, details.numRuns)
    if (details.failed) trial.fail(`${t.name}, seed ${from}`)
    t.notOk(details.failed, fc.defaultReportMessage(details) ?? `seed ${from}`)
  }
}

t.test('messages of SMB are the same in whatever pieces they come', async (t) => {
  const stream = fc.array(bytes(300), { minLength: 1, maxLength: 5 })
  await holds(
    t,
    fc.asyncProperty(stream, cuts, async (messages, cuts) => {
      const framed = messages.map((message) => Buffer.concat([u32(message.length), message]))
      const frames = new Frames(fakeTcp(inPieces(Buffer.concat(framed), cuts)))
      for (const message of messages) {
        if (!message.equals(await frames.receive())) throw new Error('another message')
      }
    }),
  )
})

t.test('records of RPC are the same in whatever fragments and pieces they come', async (t) => {
  const records = fc.array(fc.array(bytes(100), { minLength: 1, maxLength: 4 }), { maxLength: 4 })
  await holds(
    t,
    fc.asyncProperty(records, cuts, async (records, cuts) => {
      const stream = records.flatMap((fragments) =>
        fragments.map((fragment, i) => {
          const last = i === fragments.length - 1 ? 0x8000_0000 : 0
          return Buffer.concat([u32(last + fragment.length), fragment])
        }),
      )
      const tcp = fakeTcp(inPieces(Buffer.concat(stream), cuts))
      for (const fragments of records) {
        if (!Buffer.concat(fragments).equals(await readRecord(tcp))) throw new Error('another one')
      }
    }),
  )
})

t.test('what was written in XDR is read again', async (t) => {
  const value = fc.tuple(
    fc.nat(0xffff_ffff),
    fc.bigInt(0n, 2n ** 64n - 1n),
    fc.boolean(),
    bytes(50),
  )
  await holds(
    t,
    fc.property(fc.array(value), (values) => {
      const writer = new XdrWriter(8)
      for (const [word, long, flag, content] of values) {
        writer.u32(word).u64(long).bool(flag).opaque(content).fixed(content)
      }
      const reader = new XdrReader(Buffer.from(writer.done()))
      for (const [word, long, flag, content] of values) {
        const isSame =
          reader.u32() === word &&
          reader.u64() === long &&
          reader.bool() === flag &&
          reader.opaque(50).equals(content) &&
          reader.fixed(content.length).equals(content)
        if (!isSame) throw new Error('another value')
      }
      reader.expectEnd()
    }),
  )
})

t.test('bitmaps, target information, tokens and sealed messages are read again', async (t) => {
  const pair = fc.record({ id: fc.integer({ min: 1, max: 0xffff }), value: bytes(40) })
  const cipher = fc.constantFrom(...Object.values(sealingCipher))
  const attributes = fc.uniqueArray(fc.nat(300), { maxLength: 8 })
  await holds(
    t,
    fc.property(
      attributes,
      fc.array(pair),
      bytes(400),
      cipher,
      (attributes, pairs, token, cipher) => {
        const writer = new XdrWriter()
        encodeBitmap(writer, attributes)
        const words = decodeBitmap(new XdrReader(Buffer.from(writer.done())))
        const found = words.flatMap((word, i) =>
          Array.from({ length: 32 }, (_, bit) => ((word >>> bit) & 1 ? i * 32 + bit : -1)),
        )
        const numbers = found.filter((number) => number >= 0)
        if (numbers.join() !== attributes.toSorted((a, b) => a - b).join())
          throw new Error('bitmap')
        const back = decodeTargetInfo(encodeTargetInfo(pairs))
        const isSame = back.every(
          ({ id, value }, i) => id === pairs[i]?.id && value.equals(pairs[i].value),
        )
        if (back.length !== pairs.length || !isSame) throw new Error('target information')
        if (!decodeSpnegoResponse(encodeSpnegoResponse(token)).equals(token))
          throw new Error('token')
        const [a, b] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)].map((key) =>
          key.subarray(0, cipher > 2 ? 32 : 16),
        ) as [Buffer, Buffer]
        const sealed = new Sealer(cipher, a, b, 5n).seal(token)
        if (!new Sealer(cipher, b, a, 5n).open(sealed).equals(token)) throw new Error('sealed')
      },
    ),
  )
})

const smbErrors = [
  MalformedError,
  StatusError,
  Smb1OnlyError,
  NetbiosRefusedError,
  ShareTypeError,
  SocketError,
]

t.test(
  'a conversation of SMB ends as it should or in a known error, whatever is said',
  async (t) => {
    const [, run] = smbRuns
    if (run === undefined) throw new Error('no run')
    const liar = await SmbLiar.start({ ...run, depth: 'share' })
    t.equal((await liar.check({}, AbortSignal.timeout(60_000))).kind, 'ok')
    const answers = liar.answers.map(({ frames }) => frames)
    await liar.close()
    const caller = new Caller('127.0.0.1', 'HOST')
    const talk = async (stream: Buffer, cuts: readonly number[]) => {
      const connection = new SmbConnection(new Frames(fakeTcp(inPieces(stream, cuts))))
      const negotiated = await new Offer(caller).negotiate(connection)
      await logIn(connection, negotiated, Credentials.guest(), caller)
      const tree = await connectTree(connection, treeConnectBody('127.0.0.1', 'pub'))
      await leave(connection, tree.treeId)
    }
    await talk(Buffer.concat(answers), [])
    const one = fc.record({
      answer: fc.nat(answers.length - 1),
      damages: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, damages),
    })
    // In order as a rule, so that the later steps are reached as well.
    const script = fc.tuple(fc.array(one, { maxLength: 2 }), fc.nat(answers.length), damages)
    await holds(
      t,
      fc.asyncProperty(script, cuts, async ([extras, at, all], cuts) => {
        const parts = answers.map((answer, i) => (i === at ? damaged(answer, all) : answer))
        for (const { answer, damages } of extras) {
          parts.splice(at, 0, damaged(answers[answer] ?? Buffer.alloc(0), damages))
        }
        await onlyKnown(talk(Buffer.concat(parts), cuts), smbErrors)
      }),
    )
  },
)

t.test('calls of RPC end as they should or in a known error, whatever is replied', async (t) => {
  const talk = async (stream: Buffer, cuts: readonly number[]) => {
    const client = new RpcClient(new TcpTransport(fakeTcp(inPieces(stream, cuts))), 7)
    await client.call(portmapper, nullProcedure, authNone, undefined)
    await client.call(portmapper, getPort, authNone, { program: portmapper, protocol: 'tcp' })
  }
  const replies = [u32(7, 1, 0, 0, 0, 0), u32(8, 1, 0, 0, 0, 0, 2049)].map((reply) => marked(reply))
  await talk(Buffer.concat(replies), [])
  const stray = record(u32(1, 1, 0, 0, 0, 0))
  const extras = fc.array(fc.constantFrom(stray, ...replies), { maxLength: 70 })
  await holds(
    t,
    fc.asyncProperty(extras, fc.nat(1), damages, cuts, async (extras, at, all, cuts) => {
      const parts = replies.map((reply, i) => (i === at ? damaged(reply, all) : reply))
      parts.splice(at, 0, ...extras)
      await onlyKnown(talk(Buffer.concat(parts), cuts), [MalformedError, RpcError, SocketError])
    }),
  )
})

/** An error of a decoder's or a socket's own, not one of a program that went astray. */
async function onlyKnown(
  talk: Promise<void>,
  known: readonly (abstract new (...args: never) => Error)[],
): Promise<void> {
  try {
    await talk
  } catch (error) {
    if (!known.some((kind) => error instanceof kind)) throw error
  }
}
