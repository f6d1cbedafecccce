import t, { type Test } from 'tap'
import { nfsProbe } from '../../src/probe/nfs.ts'
import type { NfsTarget } from '../../src/probe/nfs-check.ts'
import type { Outcome } from '../../src/probe/probe.ts'
import { amply, Ending } from '../helpers/deadline.ts'
import { FakeNfs, type FakeNfsOptions } from '../helpers/nfs-server.ts'
import { accepted, bytes, opaque, u32, wccData } from '../helpers/rpc-bytes.ts'

async function check(t: Test, options: FakeNfsOptions, more: Partial<NfsTarget> = {}) {
  const fake = await FakeNfs.start(t, options)
  const outcome = await nfsProbe(fake.target(more))(amply())
  return { fake, outcome }
}

const names = ({ stages }: Outcome) => stages.map(({ name }) => name)
const ports = ['portmap.getport', 'portmap.getport']

t.test('NULL alone is the depth of a service', async (t) => {
  const { fake, outcome } = await check(t, {}, { depth: 'service' })
  t.match(outcome, { kind: 'ok', detail: { version: '3', nfsPort: fake.nfs.port } })
  t.same(names(outcome), ['portmap', 'null'])
  t.same(fake.log, ['portmap.getport', 'nfs3.null'])
})

t.test('a share is mounted, looked at and taken off the mount list', async (t) => {
  const { fake, outcome } = await check(t, {})
  t.match(outcome, {
    kind: 'ok',
    detail: {
      address: '127.0.0.1',
      version: '3',
      transport: 'tcp',
      nfsPort: fake.nfs.port,
      mountPort: fake.mount.port,
    },
  })
  t.same(names(outcome), ['portmap', 'null', 'mount', 'getattr', 'umount'])
  t.same(fake.log, [...ports, 'nfs3.null', 'mount.mnt', 'nfs3.getattr', 'mount.umnt'])
  t.equal(fake.nfs.sockets.length, 1, 'one connection for NFS')
  t.equal(fake.mount.sockets.length, 1, 'and one for mountd')
})

t.test('NULL comes from nobody, everything else from root of this host', async (t) => {
  const { fake } = await check(t, {})
  t.same(
    fake.nfs.calls.map(({ flavor }) => flavor),
    [0, 1],
  )
  t.same(fake.nfs.calls[1]?.credential.subarray(4), bytes(opaque('tester'), u32(0, 0, 0)))
  t.same(fake.mount.calls[0]?.args, opaque('/srv/data'))
  t.same(fake.mount.calls[1]?.args, opaque('/srv/data'))
})

t.test('reading lists the directory, or reads the file that was named', async (t) => {
  const list = await check(t, {}, { depth: 'read' })
  t.same(names(list.outcome).slice(3), ['getattr', 'list', 'umount'])
  const file = await check(t, {}, { depth: 'read', path: 'sub/hello.txt' })
  t.equal(file.outcome.kind, 'ok')
  t.same(names(file.outcome).slice(3), ['getattr', 'read', 'umount'])
  t.same(file.fake.log.slice(4), [
    'nfs3.getattr',
    'nfs3.lookup',
    'nfs3.lookup',
    'nfs3.read',
    'mount.umnt',
  ])
})

t.test('a server that lists only names is listed by those', async (t) => {
  const status = (number: number) => ({
    'nfs3.readdirplus': ({ xid }: { xid: number }) => accepted(xid, u32(number, 0)),
  })
  const { fake, outcome } = await check(t, { on: status(10_004) }, { depth: 'read' })
  t.equal(outcome.kind, 'ok')
  t.same(fake.log.slice(5), ['nfs3.readdirplus', 'nfs3.readdir', 'mount.umnt'])
  const broken = await check(t, { on: status(5) }, { depth: 'read' })
  t.match(broken.outcome, { kind: 'failed', stage: 'list', cause: { text: /NFS3ERR_IO/ } })
  t.notOk(broken.fake.log.includes('nfs3.readdir'))
})

t.test('a server that brings more than was asked for, or nothing at all, lies', async (t) => {
  const lies = [bytes(u32(0, 0, 4097, 0), opaque(Buffer.alloc(4097))), u32(0, 0, 0, 0, 0)]
  for (const lie of lies) {
    const on = { 'nfs3.read': ({ xid }: { xid: number }) => accepted(xid, lie) }
    const { outcome } = await check(t, { on }, { depth: 'read', path: 'hello.txt' })
    t.match(outcome, { kind: 'failed', failure: 'malformed', stage: 'read' })
  }
  const empty = { 'nfs3.read': ({ xid }: { xid: number }) => accepted(xid, u32(0, 0, 0, 1, 0)) }
  const { outcome } = await check(t, { on: empty }, { depth: 'read', path: 'empty' })
  t.equal(outcome.kind, 'ok', 'an empty file is a file')
})

t.test('writing makes a file, writes it, reads it back and removes it', async (t) => {
  const { fake, outcome } = await check(t, {}, { depth: 'write' })
  t.equal(outcome.kind, 'ok')
  t.same(names(outcome).slice(3), ['getattr', 'list', 'write', 'verify', 'remove', 'umount'])
  t.same(fake.log.slice(5), [
    'nfs3.readdirplus',
    'nfs3.create',
    'nfs3.write',
    'nfs3.read',
    'nfs3.remove',
    'mount.umnt',
  ])
})

t.test('a file whose handle the server does not give at once is looked up', async (t) => {
  const create = { 'nfs3.create': ({ xid }: { xid: number }) => accepted(xid, u32(0, 0, 0, 0, 0)) }
  const { fake, outcome } = await check(t, { on: create }, { depth: 'write' })
  t.match(outcome, { kind: 'failed', cause: { text: /data read differs/ } }, 'it is another file')
  t.ok(fake.log.includes('nfs3.lookup'))
})

t.test(
  'other data read back than written is a failure, and the file goes all the same',
  async (t) => {
    const other = {
      'nfs3.read': ({ xid }: { xid: number }) =>
        accepted(xid, bytes(u32(0, 0, 3, 1), opaque('old'))),
    }
    const { fake, outcome } = await check(t, { on: other }, { depth: 'write' })
    t.match(outcome, { kind: 'failed', stage: 'verify' })
    t.same(fake.log.slice(-2), ['nfs3.remove', 'mount.umnt'])
  },
)

t.test('a write that takes less than everything is a failure', async (t) => {
  const short = {
    'nfs3.write': ({ xid }: { xid: number }) =>
      accepted(xid, bytes(u32(0), wccData, u32(1, 2, 0, 0))),
  }
  t.match((await check(t, { on: short }, { depth: 'write' })).outcome, {
    kind: 'failed',
    stage: 'write',
  })
})

t.test('UMNT follows MNT also when a later stage fails', async (t) => {
  const stale = { 'nfs3.getattr': ({ xid }: { xid: number }) => accepted(xid, u32(70)) }
  const { fake, outcome } = await check(t, { on: stale })
  t.match(outcome, {
    kind: 'failed',
    stage: 'getattr',
    failure: 'refused',
    cause: { id: 0, text: 'nfs error(NFS3ERR_STALE)' },
  })
  t.same(fake.log.slice(-2), ['nfs3.getattr', 'mount.umnt'])
})

t.test('UMNT follows MNT also when the deadline comes first', async (t) => {
  for (const silent of ['nfs3.getattr', 'mount.mnt', 'mount.umnt']) {
    const ending = new Ending()
    const umounted = new Promise<void>((resolve) => {
      void FakeNfs.start(t, {
        on: {
          [silent]: () => {
            setImmediate(() => ending.deadline())
            return undefined
          },
        },
      }).then(async (fake) => {
        const outcome = await nfsProbe(fake.target())(ending.signal)
        const stage = silent.slice(silent.indexOf('.') + 1).replace('mnt', 'mount')
        t.match(outcome, {
          kind: 'failed',
          stage,
          failure: 'timeout',
          cause: { id: 0, text: 'RPC: Timed out' },
        })
        while (fake.log.at(-1) !== 'mount.umnt')
          await new Promise((resolve) => setImmediate(resolve))
        resolve()
      })
    })
    await umounted
    t.pass(`after silence at ${silent}`)
  }
})

t.test('a refused mount is told in words, and needs no UMNT', async (t) => {
  const denied = { 'mount.mnt': ({ xid }: { xid: number }) => accepted(xid, u32(13)) }
  const { fake, outcome } = await check(t, { on: denied })
  t.match(outcome, {
    kind: 'failed',
    stage: 'mount',
    failure: 'refused',
    cause: { id: 0, text: 'mount error(Permission denied)' },
  })
  t.equal(fake.log.at(-1), 'mount.mnt')
})

t.test('mountd gone and NFS alive is a failure that names mountd', async (t) => {
  const fake = await FakeNfs.start(t)
  await fake.mount.close()
  t.match(await nfsProbe(fake.target())(amply()), {
    kind: 'failed',
    stage: 'mount',
    failure: 'connect',
    cause: { id: 0, text: 'RPC: Unable to receive: errno = Connection refused.' },
    reason: /^mountd, mount/,
  })
  const unregistered = await check(t, {
    on: {
      'portmap.getport': ({ xid, args }) =>
        accepted(xid, u32(args.readUInt32BE(0) === 100_005 ? 0 : 2049)),
    },
  })
  t.match(unregistered.outcome, {
    kind: 'failed',
    stage: 'portmap',
    cause: { id: 0, text: 'RPC: Program not registered.' },
    reason: /mountd/,
  })
})

t.test(
  'a server that asks for patience is asked again, and named when it never has done',
  async (t) => {
    let left = 2
    const later = ({ xid }: { xid: number }) => accepted(xid, u32(10_008))
    const jukebox = {
      'nfs3.getattr': (call: { xid: number }) =>
        left-- > 0 ? later(call) : accepted(call.xid, u32(70)),
    }
    const { fake } = await check(t, { on: jukebox })
    t.equal(fake.log.filter((entry) => entry === 'nfs3.getattr').length, 3)

    const ending = new Ending()
    const never = await FakeNfs.start(t, {
      on: {
        'nfs3.getattr': (call) => {
          if (never.log.length > 7) ending.deadline()
          return later(call)
        },
      },
    })
    t.match(await nfsProbe(never.target())(ending.signal), {
      kind: 'failed',
      stage: 'getattr',
      failure: 'grace',
      cause: { id: 0, text: 'nfs error(NFS3ERR_JUKEBOX)' },
    })
  },
)

t.test('one port for NFS and mountd is one connection', async (t) => {
  const fake = await FakeNfs.start(t)
  const { port } = fake.nfs
  const outcome = await nfsProbe(fake.target({ nfsPort: port, mountPort: port }))(amply())
  t.equal(outcome.kind, 'ok')
  t.same(names(outcome), ['null', 'mount', 'getattr', 'umount'])
  t.equal(fake.nfs.sockets.length, 1)
})

t.test('UDP does all the same', async (t) => {
  const { outcome } = await check(t, { protocol: 'udp' }, { depth: 'write' })
  t.match(outcome, { kind: 'ok', detail: { transport: 'udp', version: '3' } })
})
