import t, { type Test } from 'tap'
import { nfsProbe } from '../../src/probe/nfs.ts'
import type { NfsTarget } from '../../src/probe/nfs-check.ts'
import type { Outcome } from '../../src/probe/probe.ts'
import { amply } from '../helpers/deadline.ts'
import { FakeNfs, type FakeNfsOptions } from '../helpers/nfs-server.ts'
import { bytes, opaque, u32, u64 } from '../helpers/rpc-bytes.ts'

async function check(t: Test, options: FakeNfsOptions, more: Partial<NfsTarget>) {
  const fake = await FakeNfs.start(t, options)
  const outcome = await nfsProbe(fake.target({ nfsPort: fake.nfsPort, ...more }))(amply())
  const log = fake.log.map((entry) => entry.replace('nfs4.compound ', ''))
  return { outcome, log }
}

const names = ({ stages }: Outcome) => stages.map(({ name }) => name)

t.test('without a file the directory is listed', async (t) => {
  const { log, outcome } = await check(t, {}, { version: '4.0', depth: 'read' })
  t.same(names(outcome), ['null', 'walk', 'getattr', 'list'])
  t.equal(log.at(-1), 'PUTFH READDIR')
})

t.test('version 4.0 reads a file without opening it', async (t) => {
  const { log, outcome } = await check(t, {}, { version: '4.0', depth: 'read', path: 'sub/a.txt' })
  t.equal(outcome.kind, 'ok')
  t.same(names(outcome).slice(2), ['getattr', 'read'])
  t.same(log.slice(-2), ['PUTFH LOOKUP GETFH', 'PUTFH LOOKUP READ'])
})

t.test('version 4.1 opens a file, reads it and closes it', async (t) => {
  const { log, outcome } = await check(t, {}, { version: '4.1', depth: 'read', path: 'a.txt' })
  t.equal(outcome.kind, 'ok')
  t.same(names(outcome).slice(3), ['getattr', 'read', 'close', 'teardown'])
  t.same(log.slice(5), [
    'SEQUENCE RECLAIM_COMPLETE',
    'SEQUENCE PUTFH OPEN GETFH',
    'SEQUENCE PUTFH READ',
    'SEQUENCE PUTFH CLOSE',
    'DESTROY_SESSION',
    'DESTROY_CLIENTID',
  ])
})

t.test('a server that brings more than was asked for, or nothing at all, lies', async (t) => {
  const path = 'a.txt'
  for (const version of ['4.0', '4.1'] as const) {
    for (const lie of [bytes(u32(0), opaque(Buffer.alloc(4097))), u32(0, 0)]) {
      const operations = { READ: () => ({ status: 0, results: lie }) }
      const { outcome } = await check(t, { operations }, { version, depth: 'read', path })
      t.match(outcome, { kind: 'failed', failure: 'malformed', stage: 'read' }, version)
    }
    const operations = { READ: () => ({ status: 0, results: u32(1, 0) }) }
    const { outcome } = await check(t, { operations }, { version, depth: 'read', path })
    t.equal(outcome.kind, 'ok', 'an empty file is a file')
  }
})

t.test('a file that cannot be read is closed all the same', async (t) => {
  const { log, outcome } = await check(
    t,
    { operations: { READ: () => ({ status: 5 }) } },
    { version: '4.1', depth: 'read', path: 'a.txt' },
  )
  t.match(outcome, {
    kind: 'failed',
    stage: 'read',
    cause: { id: 0, text: 'nfs error(NFS4ERR_IO)' },
  })
  t.same(log.slice(-3), ['SEQUENCE PUTFH CLOSE', 'DESTROY_SESSION', 'DESTROY_CLIENTID'])
})

t.test(
  'version 4.1 writes in its session, and says only once that it claims nothing',
  async (t) => {
    const { log, outcome } = await check(t, {}, { version: '4.2', depth: 'write', path: 'a.txt' })
    t.equal(outcome.kind, 'ok')
    t.same(names(outcome).slice(3), [
      'getattr',
      'read',
      'close',
      'write',
      'verify',
      'close',
      'remove',
      'teardown',
    ])
    t.same(log.slice(9), [
      'SEQUENCE PUTFH OPEN GETFH',
      'SEQUENCE PUTFH WRITE',
      'SEQUENCE PUTFH READ',
      'SEQUENCE PUTFH CLOSE',
      'SEQUENCE PUTFH REMOVE',
      'DESTROY_SESSION',
      'DESTROY_CLIENTID',
    ])
  },
)

t.test('version 4.0 writes with a client id of its own', async (t) => {
  const { log, outcome } = await check(t, {}, { version: '4.0', depth: 'write' })
  t.equal(outcome.kind, 'ok')
  t.same(log.slice(4), [
    'SETCLIENTID',
    'SETCLIENTID_CONFIRM',
    'PUTFH OPEN GETFH',
    'PUTFH WRITE',
    'PUTFH READ',
    'PUTFH CLOSE',
    'PUTFH REMOVE',
  ])
})

const stateId = Buffer.from('stateid:01234567')

t.test('version 4.0 confirms an open where the server wants that, and counts on', async (t) => {
  const sequenceIds: number[] = []
  const { log, outcome } = await check(
    t,
    {
      operations: {
        OPEN: () => ({
          status: 0,
          results: bytes(stateId, u32(1), u64(0n), u64(1n), u32(2, 0, 0)),
        }),
        OPEN_CONFIRM: (args) => {
          sequenceIds.push(args.readUInt32BE(16))
          return { status: 0 }
        },
        CLOSE: (args) => {
          sequenceIds.push(args.readUInt32BE(0))
          return { status: 0 }
        },
      },
    },
    { version: '4.0', depth: 'write' },
  )
  t.equal(outcome.kind, 'ok')
  t.ok(log.includes('PUTFH OPEN_CONFIRM'))
  t.same(sequenceIds, [1, 2])
})

t.test('an open during grace is tried again, each time by another owner', async (t) => {
  const owners = new Set<string>()
  let left = 2
  const { outcome } = await check(
    t,
    {
      operations: {
        OPEN: (args) => {
          owners.add(args.subarray(24, 24 + args.readUInt32BE(20)).toString())
          return { status: left-- > 0 ? 10_013 : 0 }
        },
      },
    },
    { version: '4.0', depth: 'write' },
  )
  t.equal(outcome.kind, 'ok')
  t.equal(owners.size, 3)
})

t.test('other data read back than written is a failure, and nothing is left behind', async (t) => {
  const { log, outcome } = await check(
    t,
    { operations: { READ: () => ({ status: 0, results: bytes(u32(1), opaque('old')) }) } },
    { version: '4.1', depth: 'write' },
  )
  t.match(outcome, { kind: 'failed', stage: 'verify' })
  t.same(log.slice(-4), [
    'SEQUENCE PUTFH CLOSE',
    'SEQUENCE PUTFH REMOVE',
    'DESTROY_SESSION',
    'DESTROY_CLIENTID',
  ])
})
