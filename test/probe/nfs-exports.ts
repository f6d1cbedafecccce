import t from 'tap'
import { listMountExports, listNfs4Exports } from '../../src/probe/nfs-exports.ts'
import { amply } from '../helpers/deadline.ts'
import { FakeNfs } from '../helpers/nfs-server.ts'
import { accepted, bytes, opaque, u32, u64 } from '../helpers/rpc-bytes.ts'

const place = (fake: FakeNfs) => ({
  host: '127.0.0.1',
  portmapPort: fake.portmap.port,
  nfsPort: fake.nfsPort,
  machineName: 'tester',
  privileged: false,
})

const list = bytes(u32(1), opaque('/srv/a'), u32(1), opaque('host1'), u32(0, 0))
const found = [{ directory: '/srv/a', groups: ['host1'] }]

t.test('mountd tells what it exports, asked of the portmapper or not', async (t) => {
  const on = { 'mount.export': ({ xid }: { xid: number }) => accepted(xid, list) }
  const fake = await FakeNfs.start(t, { on })
  t.match(await listMountExports(place(fake), amply()), {
    outcome: {
      kind: 'ok',
      detail: { mountVersion: 3 },
      stages: [{ name: 'portmap' }, { name: 'mount' }],
    },
    found,
  })
  const mountPort = fake.mount.port
  fake.log.length = 0
  t.match(await listMountExports({ ...place(fake), mountPort }, amply()), { found })
  t.strictSame(fake.log, ['mount.export'])
})

t.test('a server that has only the first version is asked in that', async (t) => {
  const fake = await FakeNfs.start(t, {
    on: {
      'portmap.getport': ({ xid, args }) =>
        accepted(xid, u32(args.readUInt32BE(4) === 1 ? fake.mount.port : 0)),
      'mount.export': ({ xid, version }) =>
        version === 1 ? accepted(xid, list) : u32(xid, 1, 0, 0, 0, 2, 1, 1),
    },
  })
  const { outcome, found: exports } = await listMountExports(place(fake), amply())
  t.match(outcome, { kind: 'ok', detail: { mountVersion: 1 } })
  t.strictSame(exports, found)
  const mountPort = fake.mount.port
  const given = await listMountExports({ ...place(fake), mountPort }, amply())
  t.match(given, { found, outcome: { detail: { mountVersion: 1 } } })
})

t.test('whatever is no full answer is no list', async (t) => {
  const none = await FakeNfs.start(t, {
    on: { 'portmap.getport': ({ xid }) => accepted(xid, u32(0)) },
  })
  t.match(await listMountExports(place(none), amply()), {
    found: undefined,
    outcome: { kind: 'failed', cause: { text: 'RPC: Program not registered.' } },
  })
  const cut = await FakeNfs.start(t, {
    on: { 'mount.export': ({ xid }) => accepted(xid, list.subarray(0, -4)) },
  })
  t.match(await listMountExports(place(cut), amply()), {
    found: undefined,
    outcome: { kind: 'failed', failure: 'malformed' },
  })
  const refused = await FakeNfs.start(t, {
    on: { 'mount.export': ({ xid }) => u32(xid, 1, 1, 1, 5) },
  })
  t.match(await listMountExports(place(refused), amply()), { outcome: { kind: 'failed' } })
  const silent = await FakeNfs.start(t, { on: { 'mount.export': () => undefined } })
  const { outcome } = await listMountExports(place(silent), AbortSignal.timeout(50))
  t.match(outcome, { kind: 'failed', failure: 'timeout' })
})

t.test('what version 4 shows below its root, in the newest version that there is', async (t) => {
  const attributes = (fsid: bigint) =>
    bytes(u32(1, 0x0008_0102), opaque(bytes(u32(2), u64(fsid), u64(0n), opaque('handle'))))
  for (const minors of [[0, 1, 2], [0]]) {
    const fake = await FakeNfs.start(t, {
      minors,
      operations: {
        GETATTR: () => ({ status: 0, results: attributes(1n) }),
        READDIR: () => ({
          status: 0,
          results: bytes(u64(0n), u32(1), u64(1n), opaque('data'), attributes(2n), u32(0, 1)),
        }),
      },
    })
    const { outcome, found: exports } = await listNfs4Exports(place(fake), amply())
    t.match(outcome, { kind: 'ok', detail: { version: minors.length > 1 ? '4.2' : '4.0' } })
    t.strictSame(exports, { exports: [{ directory: '/data' }], isComplete: true })
    if (minors.length > 1) t.match(fake.log.at(-1), /DESTROY_CLIENTID/, 'nothing is left behind')
  }
  const refused = await FakeNfs.start(t, { operations: { READDIR: () => ({ status: 13 }) } })
  t.match(await listNfs4Exports(place(refused), amply()), {
    outcome: { kind: 'failed' },
    found: undefined,
  })
})

t.test('a name that nobody knows is our own trouble, not an answer', async (t) => {
  const names = { hostsFile: '/dev/null', servers: ['127.0.0.1:1'] }
  const nobody = { host: 'nobody.invalid', machineName: 'x', privileged: false }
  const { outcome, found: exports } = await listMountExports(nobody, amply(), names)
  t.not(outcome.kind, 'ok')
  t.equal(exports, undefined)
})
