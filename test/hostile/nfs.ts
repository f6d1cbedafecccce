import type { Socket } from 'node:net'
import t, { type Test } from 'tap'
import { nfsProbe } from '../../src/probe/nfs.ts'
import type { NfsTarget } from '../../src/probe/nfs-check.ts'
import type { Outcome } from '../../src/probe/probe.ts'
import { amply } from '../helpers/deadline.ts'
import { FakeNfs } from '../helpers/nfs-server.ts'
import { accepted, bytes, opaque, record, u32 } from '../helpers/rpc-bytes.ts'

t.setTimeout(180_000)

type Deliver = (socket: Socket, reply: Buffer) => void

/** A server whose replies can be tampered with, each by its place among all of one check. */
class Tampered {
  readonly fake: FakeNfs
  /** the place of the next reply, from 0 */
  #next = 0
  #tamper: ((socket: Socket, reply: Buffer, place: number) => void) | undefined

  private constructor(fake: FakeNfs) {
    this.fake = fake
  }

  static async start(t: Test): Promise<Tampered> {
    const late: { deliver: Deliver } = { deliver: () => {} }
    const fake = await FakeNfs.start(t, {
      deliver: (socket, reply) => {
        late.deliver(socket, reply)
      },
    })
    const tampered = new Tampered(fake)
    late.deliver = (socket, reply) => {
      const place = tampered.#next++
      if (tampered.#tamper === undefined) socket.write(reply)
      else tampered.#tamper(socket, reply, place)
    }
    return tampered
  }

  /** One check whose replies go through `tamper`, and how many replies there were. */
  async check(
    more: Partial<NfsTarget>,
    tamper?: (socket: Socket, reply: Buffer, place: number) => void,
  ): Promise<{ outcome: Outcome; replies: number }> {
    this.#next = 0
    this.#tamper = tamper
    const target = this.fake.target({ nfsPort: this.fake.nfsPort, ...more })
    const outcome = await nfsProbe(target)(amply())
    return { outcome, replies: this.#next }
  }
}

const kinds: Partial<NfsTarget>[] = [
  { version: '3', depth: 'write', path: 'a.txt' },
  { version: '3', depth: 'read' },
  { version: '4.0', depth: 'write' },
  { version: '4.2', depth: 'write', path: 'a.txt' },
  { version: '4.1', depth: 'read' },
]

for (const more of kinds) {
  const what = `${more.version}, ${more.depth}`

  t.test(`${what}: a reply cut off anywhere is refused where it came in`, async (t) => {
    const server = await Tampered.start(t)
    const lengths: number[] = []
    const healthy = await server.check(more, (socket, reply) => {
      lengths.push(reply.length - 4)
      socket.write(reply)
    })
    t.equal(healthy.outcome.kind, 'ok')
    const wrong: string[] = []
    for (const [place, length] of lengths.entries()) {
      for (let kept = 0; kept < length; kept++) {
        const { outcome } = await server.check(more, (socket, reply, at) => {
          socket.write(at === place ? record(reply.subarray(4, 4 + kept)) : reply)
        })
        if (outcome.kind !== 'failed' || outcome.failure !== 'malformed') {
          wrong.push(`reply ${place} cut to ${kept} of ${length}: ${JSON.stringify(outcome)}`)
        }
      }
    }
    t.same(wrong.slice(0, 3), [])
    t.ok(lengths.length > 4)
  })

  t.test(`${what}: a connection that ends within a reply is broken`, async (t) => {
    const server = await Tampered.start(t)
    const { replies } = await server.check(more)
    for (let place = 0; place < replies; place++) {
      for (const kept of [0, 3, 4, 11]) {
        const { outcome } = await server.check(more, (socket, reply, at) => {
          if (at === place) socket.end(reply.subarray(0, kept))
          else socket.write(reply)
        })
        t.match(outcome, { kind: 'failed', failure: 'broken' }, `reply ${place}, ${kept} bytes`)
      }
    }
  })

  t.test(`${what}: replies that come byte by byte are replies`, async (t) => {
    const server = await Tampered.start(t)
    const { outcome } = await server.check(more, (socket, reply) => {
      for (const byte of reply) socket.write(Buffer.from([byte]))
    })
    t.equal(outcome.kind, 'ok')
  })

  t.test(`${what}: replies to old calls are passed over, some of them`, async (t) => {
    const server = await Tampered.start(t)
    const old = record(accepted(12_345, u32(0)))
    const some = await server.check(more, (socket, reply) => {
      socket.write(bytes(...Array.from({ length: 60 }, () => old), reply))
    })
    t.equal(some.outcome.kind, 'ok')
    const many = await server.check(more, (socket, reply) => {
      socket.write(bytes(...Array.from({ length: 70 }, () => old), reply))
    })
    t.match(many.outcome, { kind: 'failed', failure: 'malformed' })
  })

  t.test(`${what}: whatever bytes are wrong, it is a verdict on the server`, async (t) => {
    const server = await Tampered.start(t)
    // No portmapper: a port that was tampered with might be somebody else's.
    const known = { ...more, mountPort: server.fake.mount.port }
    const { replies } = await server.check(known)
    // A generator of our own, so that a failure can be had again.
    let seed = 20_040_401
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 0x80000000
      return Math.floor((seed / 0x80000000) * below)
    }
    const odd: string[] = []
    for (let round = 0; round < 300; round++) {
      const place = random(replies)
      const began = seed
      const { outcome } = await server.check(known, (socket, reply, at) => {
        const body = Buffer.from(reply.subarray(4))
        if (at === place) body[random(body.length)] = random(256)
        socket.write(record(body))
        if (at === place) socket.end()
      })
      if (outcome.kind !== 'ok' && outcome.kind !== 'failed') {
        odd.push(`seed ${began}: ${JSON.stringify(outcome)}`)
      }
    }
    t.same(odd, [])
  })
}

/** A check whose first reply is the one given, and how much memory it took meanwhile. */
async function met(t: Test, tamper: (socket: Socket, reply: Buffer) => void) {
  const server = await Tampered.start(t)
  const before = process.memoryUsage()
  let mostBytes = 0
  const timer = setInterval(() => {
    const now = process.memoryUsage()
    mostBytes = Math.max(mostBytes, now.heapUsed + now.external - before.heapUsed - before.external)
  }, 5)
  const { outcome } = await server.check({ version: '4.0' }, tamper)
  clearInterval(timer)
  return { outcome, mostBytes }
}

const malformed = {
  kind: 'failed',
  stage: 'null',
  failure: 'malformed',
  cause: { id: 0, text: "RPC: Can't decode result" },
}

t.test('a record of 2 GB is refused, and no room made for it', async (t) => {
  for (const mark of [0xffffffff, 0x7fffffff, 0x80100000]) {
    const { outcome, mostBytes } = await met(t, (socket) => {
      socket.write(bytes(u32(mark), Buffer.alloc(1000)))
    })
    t.match(outcome, malformed)
    t.ok(mostBytes < 64 * 1024 * 1024, `${mostBytes} bytes`)
  }
})

t.test('fragments without an end are refused, and do not pile up', async (t) => {
  for (const fragment of [u32(0), bytes(u32(1), [0]), bytes(u32(4096), Buffer.alloc(4096))]) {
    const { outcome, mostBytes } = await met(t, (socket) => {
      const burst = bytes(...Array.from({ length: 16 }, () => fragment))
      const more = () => {
        while (!socket.destroyed && socket.write(burst));
        if (!socket.destroyed) socket.once('drain', more)
      }
      more()
    })
    t.match(outcome, malformed)
    t.ok(mostBytes < 64 * 1024 * 1024, `${mostBytes} bytes`)
  }
})

t.test('messages that answer nothing are refused when there are too many', async (t) => {
  const { outcome } = await met(t, (socket) => {
    const burst = bytes(...Array.from({ length: 100 }, () => record(u32(1, 1, 0))))
    socket.write(burst)
  })
  t.match(outcome, malformed)
})

t.test('handles of impossible length are refused', async (t) => {
  const handles: [string, Partial<NfsTarget>, string, (xid: number) => Buffer][] = [
    [
      'mount.mnt',
      { version: '3' },
      'mount',
      (xid) => accepted(xid, bytes(u32(0), opaque(Buffer.alloc(65)), u32(0))),
    ],
    ['mount.mnt', { version: '3' }, 'mount', (xid) => accepted(xid, u32(0, 0xffffffff))],
    [
      'nfs4.compound',
      { version: '4.0' },
      'walk',
      (xid) =>
        accepted(xid, bytes(u32(0, 0, 4, 24, 0, 15, 0, 15, 0, 10, 0), opaque(Buffer.alloc(129)))),
    ],
  ]
  for (const [name, more, stage, reply] of handles) {
    const fake = await FakeNfs.start(t, { on: { [name]: ({ xid }) => reply(xid) } })
    const target = fake.target({ nfsPort: fake.nfsPort, ...more })
    t.match(await nfsProbe(target)(amply()), { ...malformed, stage })
  }
})

t.test('a server that drips is waited for until the deadline and no longer', async (t) => {
  const timers: NodeJS.Timeout[] = []
  t.teardown(() => {
    for (const timer of timers) clearInterval(timer)
  })
  const fake = await FakeNfs.start(t, {
    deliver: (socket, reply) => {
      let sent = 0
      timers.push(
        setInterval(() => {
          if (sent < reply.length) socket.write(reply.subarray(sent, ++sent))
        }, 100),
      )
    },
  })
  const signal = AbortSignal.timeout(500)
  let abortedAt = Infinity
  signal.addEventListener('abort', () => {
    abortedAt = performance.now()
  })
  const outcome = await nfsProbe(fake.target({ version: '4.0', nfsPort: fake.nfsPort }))(signal)
  t.match(outcome, { kind: 'failed', failure: 'timeout', cause: { text: 'RPC: Timed out' } })
  // How soon exactly, the benchmark measures; a drip of bytes must not keep it.
  t.ok(performance.now() - abortedAt <= 5000)
})
