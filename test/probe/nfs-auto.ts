import t, { type Test } from 'tap'
import { nfsProbe } from '../../src/probe/nfs.ts'
import type { NfsTarget } from '../../src/probe/nfs-check.ts'
import { amply } from '../helpers/deadline.ts'
import { deafPort } from '../helpers/deaf-port.ts'
import { FakeNfs, type FakeNfsOptions } from '../helpers/nfs-server.ts'
import { accepted, u32 } from '../helpers/rpc-bytes.ts'
import type { Call } from '../helpers/rpc-server.ts'

/** A check of a server whose NFS port is known, so that the portmapper is asked for mountd alone. */
function auto(fake: FakeNfs, more: Partial<NfsTarget> = {}) {
  return nfsProbe(fake.target({ version: 'auto', nfsPort: fake.nfsPort, ...more }))
}

const four = { kind: 'ok', detail: { version: '4.2' } }
const three = { kind: 'ok', detail: { version: '3' } }
const notRegistered = {
  'portmap.getport': ({ xid }: Call) => accepted(xid, u32(0)),
}
const only4 = {
  'nfs3.null': ({ xid }: Call) => u32(xid, 1, 0, 0, 0, 2, 4, 4),
}
const no4 = {
  'nfs4.null': ({ xid }: Call) => u32(xid, 1, 0, 0, 0, 2, 3, 3),
}

async function first(t: Test, options: FakeNfsOptions, more: Partial<NfsTarget> = {}) {
  const fake = await FakeNfs.start(t, options)
  return { fake, outcome: await auto(fake, more)(amply()) }
}

t.test('a server of both versions is asked in version 3', async (t) => {
  const { fake, outcome } = await first(t, {})
  t.match(outcome, three)
  t.notOk(fake.log.some((entry) => entry.startsWith('nfs4')))
})

t.test('version 4 is spoken where there is no portmapper', async (t) => {
  const fake = await FakeNfs.start(t)
  await fake.portmap.close()
  const outcome = await auto(fake)(amply())
  t.match(outcome, four)
  t.equal(outcome.stages[0]?.name, 'portmap')
})

t.test('version 4 is spoken where neither NFS 3 nor mountd is registered', async (t) => {
  t.match((await first(t, { on: notRegistered })).outcome, four)
})

t.test('version 4 is spoken where the server has that alone', async (t) => {
  t.match((await first(t, { on: only4 })).outcome, four)
  const { fake, outcome } = await first(t, { on: only4 }, { mountPort: 9 })
  t.match(outcome, four)
  t.equal(fake.log[0], 'nfs3.null', 'without a portmapper too')
})

t.test('a server that has not version 4 either fails as it did in version 3', async (t) => {
  t.match((await first(t, { on: { ...notRegistered, ...no4 } })).outcome, {
    kind: 'failed',
    stage: 'portmap',
    cause: { id: 0, text: 'RPC: Program not registered.' },
  })
  const fake = await FakeNfs.start(t, { on: no4 })
  await fake.portmap.close()
  t.match(await auto(fake)(amply()), {
    kind: 'failed',
    stage: 'portmap',
    failure: 'connect',
    cause: { id: 0, text: 'RPC: Port mapper failure - RPC: Unable to receive' },
  })
})

t.test('a port that is registered and refuses is a fault, not a sign of version 4', async (t) => {
  const fake = await FakeNfs.start(t)
  await fake.mount.close()
  t.match(await auto(fake)(amply()), { kind: 'failed', stage: 'mount' })
  t.notOk(fake.log.some((entry) => entry.startsWith('nfs4')))
})

t.test('a portmapper that refuses us otherwise is a fault', async (t) => {
  const denied = { 'portmap.getport': ({ xid }: Call) => u32(xid, 1, 1, 1, 5) }
  t.match((await first(t, { on: denied })).outcome, {
    kind: 'failed',
    stage: 'portmap',
    cause: {
      text: 'RPC: Port mapper failure - RPC: Authentication error; why = Client credential too weak',
    },
  })
})

t.test('over UDP there is version 3 alone', async (t) => {
  const fake = await FakeNfs.start(t, { protocol: 'udp' })
  t.match(await auto(fake)(amply()), three)
  const none = await FakeNfs.start(t, { protocol: 'udp', on: notRegistered })
  t.match(await auto(none)(amply()), { kind: 'failed', stage: 'portmap' })
})

t.test('version 4 is spoken where the portmapper cannot be reached for some seconds', async (t) => {
  const fake = await FakeNfs.start(t)
  const outcome = await auto(fake, { portmapPort: await deafPort(t) })(amply())
  t.match(outcome, four)
})

t.test('a portmapper that takes connections and is silent is a fault', async (t) => {
  const fake = await FakeNfs.start(t, { on: { 'portmap.getport': () => undefined } })
  t.match(await auto(fake)(AbortSignal.timeout(4500)), {
    kind: 'failed',
    stage: 'portmap',
    failure: 'timeout',
    cause: { id: 0, text: 'RPC: Port mapper failure - RPC: Timed out' },
  })
  t.notOk(fake.log.some((entry) => entry.startsWith('nfs4')))
})

t.test(
  'a portmapper that cannot be reached is waited for where version 4 is not served',
  async (t) => {
    const fake = await FakeNfs.start(t, { on: no4 })
    const check = auto(fake, { portmapPort: await deafPort(t) })
    t.match(await check(AbortSignal.timeout(4500)), {
      kind: 'failed',
      stage: 'portmap',
      failure: 'timeout',
      cause: { id: 0, text: 'RPC: Port mapper failure - RPC: Timed out' },
    })
  },
)
