import type { Socket } from 'node:net'
import t, { type Test } from 'tap'
import { listMountExports, listNfs4Exports } from '../../src/probe/nfs-exports.ts'
import type { Outcome } from '../../src/probe/probe.ts'
import { listSambaShares } from '../../src/probe/samba-shares.ts'
import { type Input, type Liar, Trial } from '../helpers/hostile/trial.ts'
import { stillOpen } from '../helpers/hostile/still-open.ts'
import { FakeNfs } from '../helpers/nfs-server.ts'
import { accepted, bytes, opaque, u32, u64 } from '../helpers/rpc-bytes.ts'
import { user } from '../helpers/smb-client.ts'
import { SmbServer } from '../helpers/smb-server.ts'
import { bindAck, enumOutput, fragment, fragments, shares } from '../helpers/srvsvc.ts'

t.setTimeout(3_600_000)

const trial = new Trial(t, 'inventory')
const { isLong } = trial.form

/** What becomes of the answers behind the pipe, and of how they go out. */
type PipeLie = {
  pieces?: (pieces: Buffer[], isBind: boolean) => Buffer[]
  deliver?: (socket: Socket, frames: Buffer) => void
}

/** A server with shares that lies about them under a good signature. */
async function shareLiar(): Promise<Liar<PipeLie>> {
  let lie: PipeLie = {}
  const server = await SmbServer.start({
    shareType: 2,
    pipe: (message) => {
      const isBind = message[2] === 11
      const pieces = isBind ? [bindAck] : fragments(2, enumOutput(shares), 2)
      return lie.pieces?.(pieces, isBind) ?? pieces
    },
    deliver: (socket, frames, step) => {
      const isAbout = step === 'pipe' || step === 'read'
      if (isAbout && lie.deliver !== undefined) lie.deliver(socket, Buffer.concat(frames))
      else socket.write(Buffer.concat(frames))
    },
  })
  return {
    check: async (told, signal) => {
      lie = told
      const place = { host: '127.0.0.1', port: server.port, credentials: user, encrypt: false }
      const { outcome, found } = await listSambaShares(place, signal)
      return whole(outcome, found?.length, shares.length)
    },
    settle: async () => {
      lie = {}
      const left = await stillOpen(server.sockets)
      server.sockets.length = 0
      server.seen.length = 0
      server.logins.length = 0
      return left
    },
    close: () => server.close(),
  }
}

/** A lie must never make a shorter list of a list. */
function whole(outcome: Outcome, count: number | undefined, due: number): Outcome {
  if ((outcome.kind === 'ok') !== (count !== undefined)) throw new Error('a list with a failure')
  if (count !== undefined && count !== due) throw new Error(`${count} of ${due} taken for all`)
  return outcome
}

function flipped(bytes: Buffer, at: number, bit: number): Buffer {
  const changed = Buffer.from(bytes)
  changed[at] = (changed[at] ?? 0) ^ (1 << bit)
  return changed
}

/** Every place of some bytes, with every bit of it, or one. */
function* flips(length: number): Generator<{ at: number; bit: number }> {
  for (let at = 0; at < length; at++) {
    for (let bit = isLong ? 0 : at % 8; bit < (isLong ? 8 : (at % 8) + 1); bit++) yield { at, bit }
  }
}

function* pipeFlips(): Generator<Input<PipeLie>> {
  for (const [isOfBind, all] of [
    [true, [bindAck]],
    [false, fragments(2, enumOutput(shares), 2)],
  ] as const) {
    for (const [place, piece] of all.entries()) {
      const name = `${isOfBind ? 'BIND_ACK' : `fragment ${place + 1}`} changed`
      for (const { at, bit } of flips(piece.length)) {
        yield {
          case: name,
          what: `byte ${at} bit ${bit}`,
          expected: 'either',
          lie: {
            pieces: (pieces, isBind) =>
              isBind === isOfBind
                ? pieces.map((each, index) => (index === place ? flipped(each, at, bit) : each))
                : pieces,
          },
        }
      }
      for (let length = 0; length < piece.length; length += isLong ? 1 : 7) {
        yield {
          case: `${name.split(' changed')[0]} cut off`,
          what: `after ${length} bytes`,
          expected: 'bad',
          lie: {
            pieces: (pieces, isBind) =>
              isBind === isOfBind
                ? [...pieces.slice(0, place), piece.subarray(0, length), Buffer.alloc(0)]
                : pieces,
          },
        }
      }
    }
  }
}

t.test('no bit of what comes through the pipe makes another list', async (t) => {
  await trial.tell(t, shareLiar, pipeFlips(), { width: 6, deadlineMs: 1500 })
})

const [firstHalf = bindAck] = fragments(2, enumOutput(shares), 2)
const onlyOutput =
  (...pieces: (() => Buffer[])[]): NonNullable<PipeLie['pieces']> =>
  (good, isBind) =>
    isBind ? good : pieces.flatMap((make) => make())

/** The same fragment again and again. */
const repeated = (count: number, part: Buffer) => () => Array.from({ length: count }, () => part)

const pipeLies: [string, PipeLie][] = [
  ['silence', { deliver: () => undefined }],
  ['hanging up', { deliver: (socket) => void socket.destroy() }],
  [
    'half a frame, then silence',
    { deliver: (socket, frames) => void socket.write(frames.subarray(0, 70)) },
  ],
  ['nothing in it', { pieces: onlyOutput() }],
  ['no last fragment', { pieces: onlyOutput(() => [firstHalf]) }],
  [
    'fragments without end',
    {
      pieces: onlyOutput(() => [firstHalf], repeated(5000, fragment(2, 0, 2, Buffer.alloc(8)))),
    },
  ],
  [
    'large fragments without end',
    {
      pieces: onlyOutput(() => [firstHalf], repeated(700, fragment(2, 0, 2, Buffer.alloc(8000)))),
    },
  ],
  [
    'more pages without end',
    {
      pieces: onlyOutput(() =>
        fragments(2, enumOutput(shares, { status: 234, resume: 7, total: 9 }), 1),
      ),
    },
  ],
  ['four thousand million entries', { pieces: onlyOutput(() => fragments(2, hugeCount(), 1)) }],
]

function hugeCount(): Buffer {
  const output = enumOutput(shares)
  output.writeUInt32LE(0xffff_ffff, 12)
  output.writeUInt32LE(0xffff_ffff, 20)
  return output
}

t.test('a server that stalls, floods or breaks off is no server without shares', async (t) => {
  const inputs = pipeLies.map(([what, lie]): Input<PipeLie> => ({
    case: what,
    what: 'behind the pipe',
    expected: 'bad',
    lie,
  }))
  await trial.tell(t, shareLiar, inputs, { width: 4, deadlineMs: 1000 })
})

const exportAnswer = bytes(
  ...['/srv/a', '/srv/b', '/srv/c'].map((name) =>
    bytes(u32(1), opaque(name), u32(1), opaque('host'), u32(0)),
  ),
  u32(0),
)
const attributes = (fsid: bigint, handle: string) =>
  bytes(u32(1, 0x0008_0102), opaque(bytes(u32(2), u64(fsid), u64(0n), opaque(handle))))
const pseudoAnswer = bytes(
  u64(1n),
  ...['a', 'b', 'c'].map((name, at) =>
    bytes(u32(1), u64(BigInt(at + 3)), opaque(name), attributes(2n, 'h')),
  ),
  u32(0, 1),
)

/** What becomes of the list that a server of NFS gives. */
type ListLie = (list: Buffer) => Buffer | undefined

async function nfsLiar(t: Test, kind: 'mount' | 'pseudo'): Promise<Liar<ListLie>> {
  let lie: ListLie = (list) => list
  const fake = await FakeNfs.start(t, {
    on: {
      'mount.export': ({ xid }) => {
        const list = lie(exportAnswer)
        return list === undefined ? undefined : accepted(xid, list)
      },
    },
    operations: {
      GETATTR: () => ({ status: 0, results: attributes(1n, 'root') }),
      READDIR: () => {
        const list = lie(pseudoAnswer)
        return list === undefined ? 'silence' : { status: 0, results: list }
      },
    },
  })
  const place = {
    host: '127.0.0.1',
    portmapPort: fake.portmap.port,
    nfsPort: fake.nfsPort,
    machineName: 'tester',
    privileged: false,
  }
  return {
    check: async (told, signal) => {
      lie = told
      if (kind === 'mount') {
        const { outcome, found } = await listMountExports(place, signal)
        return whole(outcome, found?.length, 3)
      }
      // Which names and file systems there are only the server knows; all of its entries are looked at.
      return (await listNfs4Exports(place, signal)).outcome
    },
    settle: async () => {
      lie = (list) => list
      const all = [fake.portmap, fake.mount, fake.nfs]
      const left = await Promise.all(all.map(async ({ sockets }) => stillOpen(sockets)))
      for (const { sockets, calls } of all) {
        sockets.length = 0
        calls.length = 0
      }
      fake.log.length = 0
      return left.reduce((sum, count) => sum + count, 0)
    },
    close: async () => undefined,
  }
}

function* listLies(kind: string, answer: Buffer): Generator<Input<ListLie>> {
  const input = (
    name: string,
    what: string,
    expected: Input<ListLie>['expected'],
    lie: ListLie,
  ) => ({
    case: `${kind}, ${name}`,
    what,
    expected,
    lie,
  })
  for (const { at, bit } of flips(answer.length)) {
    yield input('changed', `byte ${at} bit ${bit}`, 'either', (list) => flipped(list, at, bit))
  }
  for (let length = 0; length < answer.length; length += 4) {
    yield input('cut off', `after ${length} bytes`, 'bad', (list) => list.subarray(0, length))
  }
  yield input('silence', '', 'bad', () => undefined)
}

t.test('no bit of what mountd lists makes a shorter list', async (t) => {
  const inputs = listLies('MOUNT EXPORT', exportAnswer)
  await trial.tell(t, () => nfsLiar(t, 'mount'), inputs, { width: 4, deadlineMs: 1500 })
})

t.test('whatever lies below a root, the walk ends', async (t) => {
  const inputs = listLies('READDIR of version 4', pseudoAnswer)
  await trial.tell(t, () => nfsLiar(t, 'pseudo'), inputs, { width: 4, deadlineMs: 1500 })
  const ring: ListLie = () =>
    bytes(u64(1n), u32(1), u64(3n), opaque('r'), attributes(1n, 'root'), u32(0, 1))
  const endless: ListLie = () =>
    bytes(
      u64(1n),
      u32(1),
      u64(BigInt(Math.floor(Math.random() * 2 ** 40))),
      opaque('.'),
      attributes(1n, 'h'),
      u32(0, 0),
    )
  await trial.tell(
    t,
    () => nfsLiar(t, 'pseudo'),
    [
      { case: 'a ring of directories', what: '', expected: 'good', lie: ring },
      { case: 'a directory without end', what: '', expected: 'either', lie: endless },
    ],
    { width: 1, deadlineMs: 2000 },
  )
})

t.test('and in the end nothing is left', async (t) => {
  await trial.leavesNothing(t)
})
