import type { Socket } from 'node:net'
import t, { type Test } from 'tap'
import { fixedSeed } from '../helpers/hostile/form.ts'
import { randomFrom, sample } from '../helpers/hostile/changes.ts'
import { NfsLiar, type NfsLie } from '../helpers/hostile/nfs-liar.ts'
import { nfsRuns } from '../helpers/hostile/nfs-run.ts'
import { SmbLiar, type SmbLie } from '../helpers/hostile/smb-liar.ts'
import { smbRuns } from '../helpers/hostile/smb-run.ts'
import { type Input, type Liar, Trial } from '../helpers/hostile/trial.ts'
import { frame, header } from '../helpers/smb-server.ts'
import { u32 } from '../helpers/rpc-bytes.ts'

t.setTimeout(3_600_000)

const trial = new Trial(t, 'stalling')
const { isLong } = trial.form
const random = randomFrom(fixedSeed + trial.form.seed)
const deadlineMs = 300

/** What goes out in place of an answer, whichever protocol it is of. */
type Delivery = { name: string; send: (socket: Socket, whole: Buffer) => void }

const deliveries: readonly Delivery[] = [
  { name: 'silence', send: () => {} },
  {
    name: 'the first half, and silence',
    send: (socket, whole) => socket.write(whole.subarray(0, whole.length >> 1)),
  },
  {
    name: 'all but the last byte',
    send: (socket, whole) => socket.write(whole.subarray(0, -1)),
  },
  {
    name: 'byte by byte, until long after the deadline',
    send: (socket, whole) => {
      let sent = 0
      const timer = setInterval(
        () => {
          if (socket.destroyed || sent === whole.length) clearInterval(timer)
          else socket.write(whole.subarray(sent, ++sent))
        },
        Math.ceil((3 * deadlineMs) / whole.length),
      )
      socket.once('close', () => {
        clearInterval(timer)
      })
    },
  },
  { name: 'a length of all ones', send: flood(Buffer.alloc(64, 0xff)) },
  { name: 'the greatest length that SMB has', send: flood(Buffer.from('00ffffff', 'hex')) },
  { name: 'the greatest fragment that is not the last', send: flood(u32(0x7fff_ffff)) },
  { name: 'the greatest fragment', send: flood(u32(0xffff_ffff)) },
]

/** What a server says over and over, as fast as it can. */
const endless: Readonly<Record<'smb' | 'rpc', readonly [string, Buffer][]>> = {
  smb: [
    ['keep-alives', frame(Buffer.alloc(0), 0x85)],
    ['oplock breaks', frame(header({ command: 18, messageId: 0xffff_ffff_ffff_ffffn }))],
    ['empty messages', frame(Buffer.alloc(0))],
    ['answers to nobody', frame(header({ command: 3, messageId: 999n }))],
    ...[0, 1, 2, 3].map((id): [string, Buffer] => [
      `interim answers to message ${id}`,
      frame(header({ command: 3, messageId: BigInt(id), status: 0x103, flags: 3 })),
    ]),
  ],
  rpc: [
    ['fragments of nothing', u32(0)],
    ['fragments of one byte', Buffer.concat([u32(1), Buffer.alloc(1)])],
    ['fragments of a page', Buffer.concat([u32(4096), Buffer.alloc(4096)])],
    ['records of nothing', u32(0x8000_0000)],
    ['replies to nobody', Buffer.concat([u32(0x8000_0018), u32(999, 1, 0, 0, 0, 0)])],
    ['calls', Buffer.concat([u32(0x8000_0018), u32(999, 0, 2, 100_003, 3, 0)])],
  ],
}

/** Says something and goes on with whatever comes, for as long as somebody listens. */
function flood(first: Buffer, then: Buffer = Buffer.alloc(64 * 1024, 0x5a)) {
  return (socket: Socket): void => {
    socket.write(first)
    const more = () => {
      let room = 8
      while (!socket.destroyed && room > 0 && socket.write(then)) room--
      if (socket.destroyed) return
      if (room === 0) setImmediate(more)
      else socket.once('drain', more)
    }
    more()
  }
}

function* inputs(
  run: string,
  places: number,
  protocol: 'smb' | 'rpc',
): Generator<Input<SmbLie & NfsLie>> {
  const endlessly = endless[protocol].map(([name, bytes]): Delivery => {
    const burst = Buffer.concat(Array.from({ length: 100 }, () => bytes))
    return { name: `${name} without end`, send: flood(burst, burst) }
  })
  for (let place = 0; place < places; place++) {
    for (const { name, send } of [...deliveries, ...endlessly]) {
      // Every kind at the first answer, and where it falls at the others.
      if (place > 0 && !isLong && random() < 0.7) continue
      yield {
        case: `${run}: ${name}`,
        what: `in place of answer ${place}`,
        expected: 'bad',
        lie: {
          onTheWire: (socket, whole, at) => {
            if (at === place) send(socket, whole)
            else socket.write(whole)
          },
        },
      }
    }
  }
}

/** Ends and resets of the connection within an answer. */
function* cuts(run: string, lengths: readonly number[]): Generator<Input<SmbLie & NfsLie>> {
  for (const [place, length] of lengths.entries()) {
    for (const kept of sample(0, length, isLong ? 1 : 0.08, random)) {
      for (const manner of ['closed', 'reset'] as const) {
        yield {
          case: `${run}: connection ${manner} within an answer`,
          what: `answer ${place}, after ${kept} of ${length} bytes`,
          expected: 'bad',
          lie: {
            onTheWire: (socket, whole, at) => {
              if (at !== place) socket.write(whole)
              else if (manner === 'closed') socket.end(whole.subarray(0, kept))
              else {
                socket.write(whole.subarray(0, kept))
                socket.resetAndDestroy()
              }
            },
          },
        }
      }
    }
  }
}

type Subject = {
  name: string
  protocol: 'smb' | 'rpc'
  start: () => Promise<Liar<SmbLie & NfsLie>>
  /** the lengths of its answers, on the wire */
  lengths: () => Promise<number[]>
}

const subjects: Subject[] = [
  ...[0, 1, 7].flatMap((index): Subject[] => {
    const run = smbRuns[index]
    if (run === undefined) return []
    const start = () => SmbLiar.start(run)
    const lengths = async () => {
      const liar = await start()
      await liar.check({}, AbortSignal.timeout(60_000))
      await liar.close()
      return liar.answers.map(({ frames }) => frames.length)
    }
    return [{ name: run.name, protocol: 'smb', start, lengths }]
  }),
  ...[1, 3, 4].flatMap((index): Subject[] => {
    const run = nfsRuns[index]
    if (run === undefined) return []
    const start = () => NfsLiar.start(run)
    const lengths = async () => {
      const liar = await start()
      await liar.check({}, AbortSignal.timeout(60_000))
      await liar.close()
      return liar.replies.map(({ message }) => message.bytes.length + 4)
    }
    return [{ name: run.name, protocol: 'rpc', start, lengths }]
  }),
]

/** How much more than before is in use while something is done, garbage included. */
async function mostMemoryMB(work: () => Promise<void>): Promise<number> {
  const inUse = () => {
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
  const before = inUse()
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, inUse())
  }, 5)
  await work()
  clearInterval(timer)
  return (most - before) / 1024 / 1024
}

async function stays(t: Test, work: () => Promise<void>): Promise<void> {
  const most = await mostMemoryMB(work)
  // Six servers' buffers are in this, and what is garbage; a length that was believed would be gigabytes.
  t.ok(most < 256, `${Math.round(most)} MB at most`)
}

for (const { name, protocol, start, lengths } of subjects) {
  t.test(`${name}: whatever keeps it waiting, the deadline is kept`, async (t) => {
    const { length } = await lengths()
    t.ok(length > 4)
    const pace = { width: 6, deadlineMs }
    await stays(t, () => trial.tell(t, start, inputs(name, length, protocol), pace))
  })

  t.test(`${name}: a connection that ends within an answer is a failure`, async (t) => {
    await trial.tell(t, start, cuts(name, await lengths()))
  })
}

t.test('nothing is left of all these checks', (t) => trial.leavesNothing(t))
