import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { nfsProbe } from '../../src/probe/nfs.ts'
import type { NfsTarget } from '../../src/probe/nfs-check.ts'
import type { Outcome } from '../../src/probe/probe.ts'
import { amply, Ending } from '../helpers/deadline.ts'
import { FakeNfs, type FakeNfsOptions } from '../helpers/nfs-server.ts'
import { bytes, u32 } from '../helpers/rpc-bytes.ts'

async function check(t: Test, options: FakeNfsOptions, more: Partial<NfsTarget> = {}) {
  const fake = await FakeNfs.start(t, options)
  const outcome = await nfsProbe(fake.target({ version: '4', nfsPort: fake.nfsPort, ...more }))(
    amply(),
  )
  const log = fake.log.map((entry) => entry.replace('nfs4.compound ', ''))
  return { fake, outcome, log }
}

const names = ({ stages }: Outcome) => stages.map(({ name }) => name)
const walk = 'PUTROOTFH LOOKUP LOOKUP GETFH'

t.test('NULL alone is the depth of a service', async (t) => {
  const { log, outcome } = await check(t, {}, { depth: 'service' })
  t.match(outcome, { kind: 'ok', detail: { version: '4', transport: 'tcp' } })
  t.same(names(outcome), ['null'])
  t.same(log, ['nfs4.null'])
})

t.test('version 4.0 walks without a client id', async (t) => {
  const { log, outcome } = await check(t, {}, { version: '4.0' })
  t.match(outcome, { kind: 'ok', detail: { version: '4.0' } })
  t.same(names(outcome), ['null', 'walk', 'getattr'])
  t.same(log, ['nfs4.null', walk, 'PUTFH GETATTR'])
})

t.test('versions 4.1 and 4.2 walk in a session and leave nothing behind', async (t) => {
  for (const version of ['4.1', '4.2'] as const) {
    const { fake, log, outcome } = await check(t, {}, { version })
    t.match(outcome, { kind: 'ok', detail: { version } })
    t.same(names(outcome), ['null', 'session', 'walk', 'getattr', 'teardown'])
    t.same(log, [
      'nfs4.null',
      'EXCHANGE_ID',
      'CREATE_SESSION',
      `SEQUENCE ${walk}`,
      'SEQUENCE PUTFH GETATTR',
      'DESTROY_SESSION',
      'DESTROY_CLIENTID',
    ])
    t.equal(fake.nfs.sockets.length, 1)
  }
})

t.test('without a minor version the highest that the server has is taken', async (t) => {
  const cases: [minors: number[], version: string, tries: number][] = [
    [[0, 1, 2], '4.2', 1],
    [[0, 1], '4.1', 2],
    [[0], '4.0', 2],
  ]
  for (const [minors, version, tries] of cases) {
    const { log, outcome } = await check(t, { minors })
    t.match(outcome, { kind: 'ok', detail: { version } }, version)
    t.equal(log.filter((entry) => entry === 'EXCHANGE_ID').length, tries, version)
  }
})

t.test('a minor version that the server has not is a failure', async (t) => {
  const { outcome } = await check(t, { minors: [0] }, { version: '4.1' })
  t.match(outcome, {
    kind: 'failed',
    stage: 'session',
    failure: 'refused',
    cause: { id: 0, text: 'nfs error(NFS4ERR_MINOR_VERS_MISMATCH)' },
  })
  const none = await check(t, { minors: [] })
  t.match(none.outcome, { kind: 'failed', stage: 'walk' })
})

t.test('a directory that is not there, or not for us, cannot be mounted', async (t) => {
  for (const [status, text] of [
    [2, 'mount error(No such file or directory)'],
    [13, 'mount error(Permission denied)'],
    [20, 'mount error(Not a directory)'],
  ] as const) {
    const { log, outcome } = await check(t, { operations: { LOOKUP: () => ({ status }) } })
    t.match(outcome, { kind: 'failed', stage: 'walk', failure: 'refused', cause: { id: 0, text } })
    t.same(log.slice(-2), ['DESTROY_SESSION', 'DESTROY_CLIENTID'], 'and the session goes')
  }
})

t.test('a handle that has died since is a failure', async (t) => {
  const { outcome } = await check(t, { operations: { PUTFH: () => ({ status: 70 }) } })
  t.match(outcome, {
    kind: 'failed',
    stage: 'getattr',
    cause: { id: 0, text: 'nfs error(NFS4ERR_STALE)' },
    reason: 'nfs, getattr: PUTFH: NFS4ERR_STALE',
  })
})

t.test('a long way is walked in as many compounds as the session needs', async (t) => {
  const directory = '/a/b/c/d/e/f/g'
  const few = u32(0, 65_536, 65_536, 0, 6, 1, 0)
  const { log, outcome } = await check(
    t,
    {
      operations: {
        CREATE_SESSION: () => ({
          status: 0,
          results: bytes(Buffer.from('session:01234567'), u32(1, 0), few, few),
        }),
      },
    },
    { directory, version: '4.1' },
  )
  t.equal(outcome.kind, 'ok')
  t.same(log.slice(3, 6), [
    'SEQUENCE PUTROOTFH LOOKUP LOOKUP LOOKUP GETFH',
    'SEQUENCE PUTFH LOOKUP LOOKUP LOOKUP GETFH',
    'SEQUENCE PUTFH LOOKUP GETFH',
  ])
})

t.test('the root of what the server shows can be watched as well', async (t) => {
  const { log, outcome } = await check(t, {}, { directory: '/', version: '4.0' })
  t.equal(outcome.kind, 'ok')
  t.equal(log[1], 'PUTROOTFH GETFH')
})

t.test('grace and delay are patience, in every stage', async (t) => {
  for (const operation of [
    'EXCHANGE_ID',
    'CREATE_SESSION',
    'SEQUENCE',
    'LOOKUP',
    'DESTROY_SESSION',
  ]) {
    let left = 2
    const later = () => (left-- > 0 ? { status: 10_008 } : { status: 0 })
    const { outcome } = await check(t, { operations: { [operation]: later } }, { version: '4.1' })
    t.match(outcome, { kind: 'ok' }, operation)
  }
  const ending = new Ending()
  let asked = 0
  const fake = await FakeNfs.start(t, {
    operations: {
      LOOKUP: () => {
        if (++asked === 3) ending.deadline()
        return { status: 10_013 }
      },
    },
  })
  const target = fake.target({ version: '4.1', nfsPort: fake.nfsPort })
  t.match(await nfsProbe(target)(ending.signal), {
    kind: 'failed',
    stage: 'walk',
    failure: 'grace',
    cause: { id: 0, text: 'nfs error(NFS4ERR_GRACE)' },
  })
})

t.test('a deadline tears the session down without waiting', async (t) => {
  const ending = new Ending()
  const fake = await FakeNfs.start(t, {
    operations: {
      GETATTR: () => {
        setImmediate(() => ending.deadline())
        return 'silence'
      },
    },
  })
  const target = fake.target({ version: '4.2', nfsPort: fake.nfsPort })
  t.match(await nfsProbe(target)(ending.signal), {
    kind: 'failed',
    stage: 'getattr',
    failure: 'timeout',
    cause: { id: 0, text: 'RPC: Timed out' },
  })
  while (!fake.log.at(-1)?.includes('DESTROY_CLIENTID')) {
    await new Promise((resolve) => setImmediate(resolve))
  }
  t.match(fake.log.at(-2), /DESTROY_SESSION/)
})

t.test('a reply to the call behind NULL may come before the one to NULL', async (t) => {
  let toNull: Buffer | undefined
  let replies = 0
  const { log, outcome } = await check(
    t,
    {
      deliver: (socket, reply) => {
        if (++replies === 1) toNull = reply
        else socket.write(replies === 2 && toNull !== undefined ? bytes(reply, toNull) : reply)
      },
    },
    { version: '4.1' },
  )
  t.match(outcome, { kind: 'ok' })
  t.same(names(outcome), ['null', 'session', 'walk', 'getattr', 'teardown'])
  t.same(log.slice(0, 3), ['nfs4.null', 'EXCHANGE_ID', 'CREATE_SESSION'])
})

t.test('a server that answers one call after the other is waited for', async (t) => {
  let last = Promise.resolve()
  const { outcome } = await check(
    t,
    {
      deliver: (socket, reply) => {
        last = last
          .then(async () => sleep(5))
          .then(() => {
            socket.write(reply)
          })
      },
    },
    { version: '4.2' },
  )
  t.match(outcome, { kind: 'ok' })
})

t.test('over UDP NULL is called by itself', async (t) => {
  const fake = await FakeNfs.start(t, { protocol: 'udp' })
  const target = fake.target({ version: '4.1', nfsPort: fake.nfsPort })
  t.match(await nfsProbe(target)(amply()), { kind: 'ok', detail: { transport: 'udp' } })
  t.equal(fake.log[0], 'nfs4.null')
})

t.test('a server that is silent to NULL fails there, whatever it says behind', async (t) => {
  for (const answer of [
    { status: 0 },
    { status: 10_008 },
    { status: 10_021 },
    'silence',
  ] as const) {
    const ending = new Ending()
    const fake = await FakeNfs.start(t, {
      on: { 'nfs4.null': () => undefined },
      operations: {
        EXCHANGE_ID: () => {
          setImmediate(() => ending.deadline())
          return answer
        },
      },
    })
    const target = fake.target({ version: '4', nfsPort: fake.nfsPort })
    const outcome = await nfsProbe(target)(ending.signal)
    t.match(outcome, { kind: 'failed', stage: 'null', failure: 'timeout' })
    t.same(names(outcome), ['null'])
  }
})

t.test('a refusal of NULL is judged as such, and what came behind it is undone', async (t) => {
  const refused = ({ xid }: { xid: number }) => u32(xid, 1, 0, 0, 0, 2, 2, 3)
  const { log, outcome } = await check(t, { on: { 'nfs4.null': refused } }, { version: '4.1' })
  t.match(outcome, { kind: 'failed', stage: 'null', failure: 'refused' })
  t.same(names(outcome), ['null'])
  t.same(log, ['nfs4.null', 'EXCHANGE_ID', 'DESTROY_CLIENTID'])

  const both = { 'nfs4.null': refused, 'nfs4.compound': refused }
  const none = await check(t, { on: both }, { version: '4.1' })
  t.match(none.outcome, { kind: 'failed', stage: 'null', failure: 'refused' })
  t.same(none.log, ['nfs4.null', 'EXCHANGE_ID'])
})

t.test('nonsense to the call behind NULL is a fault of the session', async (t) => {
  const operations = { EXCHANGE_ID: () => ({ status: 0, results: u32(1) }) }
  const { outcome } = await check(t, { operations }, { version: '4.1' })
  t.match(outcome, { kind: 'failed', stage: 'session', failure: 'malformed' })
})

t.test('a server that ends the connection after NULL is a fault of the session', async (t) => {
  const { outcome } = await check(
    t,
    {
      deliver: (socket, reply) => {
        if (!socket.writableEnded) socket.end(reply)
      },
    },
    { version: '4.1' },
  )
  t.match(outcome, { kind: 'failed', stage: 'session', failure: 'broken' })
})

t.test('a stop is nobody’s fault', async (t) => {
  const ending = new Ending()
  const fake = await FakeNfs.start(t, {
    on: {
      'nfs4.null': () => {
        ending.stop()
        return undefined
      },
    },
  })
  const target = fake.target({ version: '4', nfsPort: fake.nfsPort })
  t.match(await nfsProbe(target)(ending.signal), { kind: 'aborted' })
})
