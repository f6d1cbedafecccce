import t, { type Test } from 'tap'
import type { NfsCheck, NfsTarget } from '../../src/probe/nfs-check.ts'
import { NfsConnections } from '../../src/probe/nfs-connections.ts'
import { findNfs3Ports, needsPortmapper } from '../../src/probe/nfs-ports.ts'
import { amply } from '../helpers/deadline.ts'
import { FakeNfs } from '../helpers/nfs-server.ts'

async function find(t: Test, more: Partial<NfsTarget>) {
  const fake = await FakeNfs.start(t)
  const target = fake.target(more)
  const reach = { address: '127.0.0.1', transport: 'tcp', privileged: false } as const
  const signal = amply()
  const connections = new NfsConnections(reach, signal)
  let told = 0
  const check = { target, address: '127.0.0.1', connections } as NfsCheck
  const ports = await findNfs3Ports(check, signal, () => told++)
  return { fake, ports, told, needed: needsPortmapper(target) }
}

t.test('the portmapper is asked for what was not given, over one connection', async (t) => {
  const { fake, ports, told, needed } = await find(t, {})
  t.same(ports, { nfs: fake.nfs.port, mount: fake.mount.port })
  t.same(fake.log, ['portmap.getport', 'portmap.getport'])
  t.equal(fake.portmap.sockets.length, 1)
  t.equal(told, 1)
  t.ok(needed)
})

t.test('a port that was given is not asked for', async (t) => {
  const one = await find(t, { nfsPort: 7 })
  t.same(one.ports, { nfs: 7, mount: one.fake.mount.port })
  t.equal(one.fake.log.length, 1)
  const other = await find(t, { mountPort: 8 })
  t.same(other.ports, { nfs: other.fake.nfs.port, mount: 8 })
  t.equal(other.fake.log.length, 1)
})

t.test('with both given there is no portmapper', async (t) => {
  const { fake, ports, told, needed } = await find(t, { nfsPort: 7, mountPort: 8 })
  t.same(ports, { nfs: 7, mount: 8 })
  t.same(fake.log, [])
  t.equal(told, 0)
  t.notOk(needed)
})

t.test('for NULL alone mountd is not looked for', async (t) => {
  const asked = await find(t, { depth: 'service' })
  t.same(asked.ports, { nfs: asked.fake.nfs.port, mount: undefined })
  t.equal(asked.fake.log.length, 1)
  const given = await find(t, { depth: 'service', nfsPort: 7 })
  t.same(given.ports, { nfs: 7, mount: undefined })
  t.notOk(given.needed)
})
