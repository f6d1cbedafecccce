import t from 'tap'
import { nfsSpace } from '../../src/probe/nfs-space.ts'
import { amply } from '../helpers/deadline.ts'
import { FakeNfs } from '../helpers/nfs-server.ts'
import { accepted, bytes, opaque, u32, u64 } from '../helpers/rpc-bytes.ts'

const measured = { kind: 'measured', space: { totalBytes: 1000, freeBytes: 300 } }
const sizes = bytes(u64(1000n), u64(400n), u64(300n), u64(9n), u64(8n), u64(7n), u32(0))

t.test('NFSv3 is asked by FSSTAT, and taken leave of', async (t) => {
  const fake = await FakeNfs.start(t, {
    on: { 'nfs3.18': ({ xid }) => accepted(xid, bytes(u32(0, 0), sizes)) },
  })
  t.same(await nfsSpace(fake.target({ depth: 'write' }))(amply()), measured)
  t.strictSame(fake.log.slice(-4), ['mount.mnt', 'nfs3.getattr', 'nfs3.18', 'mount.umnt'])
})

t.test('NFSv4 is asked for attributes, whatever its minor version', async (t) => {
  for (const version of ['4.0', '4.1', '4.2'] as const) {
    let asked = 0
    const fake = await FakeNfs.start(t, {
      operations: {
        GETATTR: (args) => {
          if (args.readUInt32BE(0) === 1) return { status: 0 }
          asked += 1
          const all = opaque(bytes(u64(300n), u64(400n), u64(1000n)))
          return { status: 0, results: bytes(u32(2, 0, 7 << 10), all) }
        },
      },
    })
    const target = fake.target({ version, nfsPort: fake.nfsPort })
    t.same(await nfsSpace(target)(amply()), measured, version)
    t.equal(asked, 1)
  }
})

t.test('a server that refuses to tell is told from one that fails', async (t) => {
  const fake = await FakeNfs.start(t, {
    on: { 'nfs3.18': ({ xid }) => accepted(xid, u32(10_004, 0)) },
  })
  t.match(await nfsSpace(fake.target())(amply()), {
    kind: 'refused',
    reason: /NFS3ERR_NOTSUPP/,
  })
  await fake.mount.close()
  t.match(await nfsSpace(fake.target())(amply()), { kind: 'failed' })
})
