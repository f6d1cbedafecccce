import { getuid } from 'node:process'
import t from 'tap'
import { nfsProbe } from '../../src/probe/nfs.ts'
import { amply, Ending } from '../helpers/deadline.ts'
import { startNameServer, type NameAnswer } from '../helpers/name-server.ts'
import { FakeNfs } from '../helpers/nfs-server.ts'
import { accepted, u32 } from '../helpers/rpc-bytes.ts'
import type { Call } from '../helpers/rpc-server.ts'

const needsRoot = { skip: getuid?.() === 0 ? false : 'needs root' }

t.test('the version is settled by the first success, and version 3 never given up', async (t) => {
  const on: Record<string, (call: Call) => Buffer | undefined> = {}
  const fake = await FakeNfs.start(t, { on })
  const probe = nfsProbe(fake.target({ version: 'auto', nfsPort: fake.nfsPort }))
  t.match(await probe(amply()), { kind: 'ok', detail: { version: '3' } })
  on['portmap.getport'] = ({ xid }) => accepted(xid, u32(0))
  t.match(await probe(amply()), {
    kind: 'failed',
    cause: { text: 'RPC: Program not registered.' },
    reason: /mountd/,
  })
  delete on['portmap.getport']
  await fake.mount.close()
  t.match(await probe(amply()), { kind: 'failed', stage: 'mount' })
  await fake.portmap.close()
  t.match(await probe(amply()), {
    kind: 'failed',
    cause: { text: 'RPC: Port mapper failure - RPC: Unable to receive' },
  })
  t.notOk(fake.log.some((entry) => entry.startsWith('nfs4')))
})

t.test('version 4 stays as well, with its minor version, whatever else comes up', async (t) => {
  const minors = [0, 1]
  const on = { 'portmap.getport': ({ xid }: Call) => accepted(xid, u32(0)) }
  const fake = await FakeNfs.start(t, { on, minors })
  const probe = nfsProbe(fake.target({ version: 'auto', nfsPort: fake.nfsPort }))
  t.match(await probe(amply()), { kind: 'ok', detail: { version: '4.1' } })
  minors.push(2)
  fake.log.length = 0
  const again = await probe(amply())
  t.match(again, { kind: 'ok', detail: { version: '4.1' } })
  t.equal(again.stages[0]?.name, 'null')
  t.notOk(fake.log.includes('portmap.getport'))
  minors.splice(0, 3, 0)
  t.match(await probe(amply()), {
    kind: 'failed',
    cause: { text: 'nfs error(NFS4ERR_MINOR_VERS_MISMATCH)' },
  })
})

t.test('nothing is settled by a failure', async (t) => {
  const fake = await FakeNfs.start(t, {
    on: { 'nfs3.getattr': ({ xid }) => accepted(xid, u32(70)) },
  })
  const probe = nfsProbe(fake.target({ version: 'auto', nfsPort: fake.nfsPort }))
  t.match(await probe(amply()), { kind: 'failed', stage: 'getattr' })
  await fake.portmap.close()
  t.match(await probe(amply()), { kind: 'ok', detail: { version: '4.2' } })
})

t.test('a monitor is one client of the server, started anew with every check', async (t) => {
  const owners: string[] = []
  const verifiers: string[] = []
  const fake = await FakeNfs.start(t, {
    operations: {
      EXCHANGE_ID: (args) => {
        verifiers.push(args.subarray(0, 8).toString('hex'))
        owners.push(args.subarray(12, 12 + args.readUInt32BE(8)).toString())
        return { status: 0 }
      },
    },
  })
  const target = fake.target({ version: '4.1', nfsPort: fake.nfsPort, machineName: 'node/1' })
  const probe = nfsProbe(target)
  await probe(amply())
  await probe(amply())
  await nfsProbe(target)(amply())
  t.match(owners[0], /^clp-fsmon\.node_1\.[0-9a-f]{16}$/)
  t.equal(owners[1], owners[0])
  t.not(owners[2], owners[0], 'and another monitor another client')
  t.equal(new Set(verifiers).size, 3)
})

t.test('a host name is looked up in a stage of its own', async (t) => {
  const { server } = await startNameServer(t, { 'nfs.test': { a: ['127.0.0.1'] } })
  const fake = await FakeNfs.start(t)
  const outcome = await nfsProbe(fake.target({ host: 'nfs.test' }), { servers: [server] })(amply())
  t.match(outcome, { kind: 'ok', detail: { address: '127.0.0.1' } })
  t.same(
    outcome.stages.map(({ name }) => name),
    ['lookup', 'portmap', 'null', 'mount', 'getattr', 'umount'],
  )
})

t.test('a name service that fails later does not fail a healthy server', async (t) => {
  const names: Record<string, NameAnswer> = { 'nfs.test': { a: ['127.0.0.1'] } }
  const { server } = await startNameServer(t, names)
  const fake = await FakeNfs.start(t)
  const probe = nfsProbe(fake.target({ host: 'nfs.test' }), { servers: [server] })
  t.match(await probe(amply()), { kind: 'ok' })
  for (const answer of [{ rcode: 2 }, { rcode: 3 }, { silent: true }] as const) {
    names['nfs.test'] = answer
    t.match(
      await probe(amply()),
      { kind: 'ok', detail: { address: '127.0.0.1', lookup: /^failed, address from an earlier/ } },
      JSON.stringify(answer),
    )
  }
})

t.test('an address that is still good is kept, a new one taken', async (t) => {
  const names: Record<string, NameAnswer> = { 'nfs.test': { a: ['127.0.0.1'] } }
  const { server } = await startNameServer(t, names)
  const fake = await FakeNfs.start(t)
  const probe = nfsProbe(fake.target({ host: 'nfs.test' }), { servers: [server] })
  t.match(await probe(amply()), { kind: 'ok' })
  names['nfs.test'] = { a: ['127.0.0.9', '127.0.0.1'] }
  t.match(await probe(amply()), { kind: 'ok', detail: { address: '127.0.0.1' } })
  names['nfs.test'] = { a: ['127.0.0.9'] }
  t.match(await probe(amply()), { kind: 'failed', detail: { address: '127.0.0.9' } })
})

t.test('without any address nothing can be said of the server', async (t) => {
  const { server } = await startNameServer(t, { 'silent.test': { silent: true } })
  const fake = await FakeNfs.start(t)
  const unknown = nfsProbe(fake.target({ host: 'no.test' }), { servers: [server] })
  t.match(await unknown(amply()), {
    kind: 'cannot-judge',
    stage: 'lookup',
    cause: { id: 42, text: 'getaddrinfo' },
  })
  const silent = nfsProbe(fake.target({ host: 'silent.test' }), { servers: [server] })
  t.match(await silent(AbortSignal.timeout(300)), { kind: 'cannot-judge', stage: 'lookup' })
  const ending = new Ending()
  const stopped = silent(ending.signal)
  ending.stop()
  t.match(await stopped, { kind: 'aborted' })
})

t.test('every version can be asked for', async (t) => {
  const fake = await FakeNfs.start(t)
  for (const [version, spoken] of [
    ['3', '3'],
    ['4', '4.2'],
    ['4.0', '4.0'],
    ['4.1', '4.1'],
    ['4.2', '4.2'],
  ] as const) {
    const target = fake.target({ version, nfsPort: fake.nfsPort })
    t.match(await nfsProbe(target)(amply()), { kind: 'ok', detail: { version: spoken } })
  }
})

t.test('checks in quick succession leave no reserved port lingering', needsRoot, async (t) => {
  const fake = await FakeNfs.start(t)
  const probe = nfsProbe(fake.target({ version: '4.0', nfsPort: fake.nfsPort, privileged: true }))
  const ends: string[] = []
  for (let n = 0; n < 3; n++) {
    t.match(await probe(amply()), { kind: 'ok' })
    const socket = fake.nfs.sockets[n]
    if (socket === undefined) throw new Error('no connection')
    // After an end of good order the reset shows as an error, or not at all.
    socket.once('end', () => (ends[n] ??= 'end'))
    socket.once('error', () => (ends[n] ??= 'reset'))
    while (ends.length <= n) await new Promise((resolve) => setImmediate(resolve))
  }
  t.same(ends, ['end', 'reset', 'reset'], 'only the first was closed in good order')
})

t.test('a check that was stopped before it began says nothing', async (t) => {
  const fake = await FakeNfs.start(t)
  const ending = new Ending()
  ending.stop()
  t.match(await nfsProbe(fake.target())(ending.signal), { kind: 'aborted' })
  t.same(fake.log, [])
})
