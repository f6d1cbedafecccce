import t, { type Test } from 'tap'
import type { NfsTarget } from '../../src/probe/nfs-check.ts'
import type { FailureKind } from '../../src/probe/probe.ts'
import { holdOpen } from '../helpers/hold-open.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import type { Ganesha } from '../helpers/lab/ganesha.ts'
import { probeOf, summary, timed, type Timed } from '../helpers/lab-nfs.ts'

t.setTimeout(240_000)
const options = { skip: skipOutsideLab() }
const deadlineMs = 1000
const ports = { nfsPort: 2049, mountPort: 20_048 }
const refused = 'RPC: Unable to receive: errno = Connection refused.'

/** So late a check may end here, where both cores may be busy; how soon it does, the benchmark measures. */
const lateMs = 2000

/** How a failure has to show. */
type Expected = { stage: string; failure: FailureKind; text: string; reason?: RegExp }

const overshoots: { what: string; overshootMs: number }[] = []

function expectFailure(t: Test, what: string, { outcome, overshootMs }: Timed, expected: Expected) {
  const { stage, failure, text, reason = /./ } = expected
  const cause = { id: 0, text }
  t.match(
    outcome,
    { kind: 'failed', stage, failure, cause, reason },
    `${what}: ${summary(outcome)}`,
  )
  t.ok(overshootMs <= lateMs, `${what}: ${overshootMs.toFixed(1)} ms after the deadline`)
  if (failure === 'timeout') overshoots.push({ what, overshootMs })
}

const timedOut = (stage: string): Expected => ({
  stage,
  failure: 'timeout',
  text: 'RPC: Timed out',
})

type Harm = (server: Host, ganesha: Ganesha) => Promise<unknown>
type Row = {
  what: string
  more: Partial<NfsTarget>
  harm: Harm
  /** the network is healed anyhow */
  mend?: Harm
  expected: Expected
}

const restart: Harm = (_, ganesha) => ganesha.restart({})
const startAll: Harm = async (server, ganesha) => {
  await ganesha.stop()
  await server.service('rpcbind').stop()
  await ganesha.startWith({})
}

const rows: Row[] = [
  {
    what: 'not exported',
    more: { version: '3', directory: '/srv/nfs/none' },
    harm: async () => {},
    expected: { stage: 'mount', failure: 'refused', text: 'mount error(Permission denied)' },
  },
  {
    what: 'no such pseudo path',
    more: { version: '4.2', directory: '/none' },
    harm: async () => {},
    expected: {
      stage: 'walk',
      failure: 'refused',
      text: 'mount error(No such file or directory)',
    },
  },
  {
    what: 'rpcbind stopped',
    more: { version: '3' },
    harm: (server) => server.service('rpcbind').stop(),
    mend: startAll,
    expected: {
      stage: 'portmap',
      failure: 'connect',
      text: 'RPC: Port mapper failure - RPC: Unable to receive',
    },
  },
  {
    what: 'rpcbind frozen',
    more: { version: '3' },
    harm: (server) => server.service('rpcbind').freeze(),
    mend: (server) => server.service('rpcbind').thaw(),
    expected: {
      stage: 'portmap',
      failure: 'timeout',
      text: 'RPC: Port mapper failure - RPC: Timed out',
    },
  },
  {
    what: 'Ganesha stopped, rpcbind alive',
    more: { version: '3' },
    harm: (_, ganesha) => ganesha.stop(),
    mend: (_, ganesha) => ganesha.start(),
    expected: { stage: 'portmap', failure: 'refused', text: 'RPC: Program not registered.' },
  },
  {
    what: 'Ganesha killed, still registered',
    more: { version: '3' },
    harm: (_, ganesha) => ganesha.kill(),
    mend: (_, ganesha) => ganesha.start(),
    expected: { stage: 'null', failure: 'connect', text: refused },
  },
  {
    what: 'Ganesha killed, version 4',
    more: { version: '4.1' },
    harm: (_, ganesha) => ganesha.kill(),
    mend: (_, ganesha) => ganesha.start(),
    expected: { stage: 'null', failure: 'connect', text: refused },
  },
  {
    what: 'mountd gone, NFS alive',
    more: { version: '3' },
    harm: (server) => server.cut({ mode: 'reset', port: 20_048 }),
    expected: { stage: 'mount', failure: 'connect', text: refused, reason: /^mountd/ },
  },
  {
    what: 'mountd taken from rpcbind, NFS alive',
    more: { version: '3' },
    harm: async (server) => {
      // Where one version is registered, the old portmapper gives its port for any other.
      for (const version of ['1', '3']) await server.exec('rpcinfo', ['-d', '100005', version])
    },
    mend: restart,
    expected: {
      stage: 'portmap',
      failure: 'refused',
      text: 'RPC: Program not registered.',
      reason: /mountd/,
    },
  },
  {
    what: 'mountd silent, NFS alive',
    more: { version: '3' },
    harm: (server) => server.cut({ mode: 'silence', port: 20_048 }),
    expected: timedOut('mount'),
  },
  {
    what: 'Ganesha frozen',
    more: { version: '3' },
    harm: (_, ganesha) => ganesha.freeze(),
    mend: (_, ganesha) => ganesha.thaw(),
    expected: timedOut('null'),
  },
  {
    what: 'Ganesha frozen, version 4',
    more: { version: '4.2' },
    harm: (_, ganesha) => ganesha.freeze(),
    mend: (_, ganesha) => ganesha.thaw(),
    expected: timedOut('null'),
  },
  {
    what: 'every packet dropped',
    more: { version: '3' },
    harm: (server) => server.cut({ mode: 'drop' }),
    expected: {
      stage: 'portmap',
      failure: 'timeout',
      text: 'RPC: Port mapper failure - RPC: Timed out',
    },
  },
  {
    what: 'every packet dropped, ports given',
    more: { version: '3', ...ports },
    harm: (server) => server.cut({ mode: 'drop' }),
    expected: timedOut('null'),
  },
  {
    what: 'every packet dropped, over UDP',
    more: { version: '3', transport: 'udp', ...ports },
    harm: (server) => server.cut({ mode: 'drop' }),
    expected: timedOut('null'),
  },
  {
    what: 'Ganesha killed, over UDP',
    more: { version: '3', transport: 'udp', ...ports },
    harm: (_, ganesha) => ganesha.kill(),
    mend: (_, ganesha) => ganesha.start(),
    expected: { stage: 'null', failure: 'broken', text: refused },
  },
  {
    what: 'a firewall that rejects',
    more: { version: '4.1' },
    harm: (server) => server.cut({ mode: 'reject', port: 2049 }),
    expected: {
      stage: 'null',
      failure: 'connect',
      text: 'RPC: Unable to receive: errno = No route to host.',
    },
  },
  {
    what: 'only version 3 lost',
    more: { version: '3', ...ports },
    harm: (_, ganesha) => ganesha.restart({ protocols: '4' }),
    mend: restart,
    expected: {
      stage: 'null',
      failure: 'refused',
      text: 'RPC: Program/version mismatch; low version = 4, high version = 4',
    },
  },
  {
    what: 'only version 4 lost',
    more: { version: '4' },
    harm: (_, ganesha) => ganesha.restart({ protocols: '3' }),
    mend: restart,
    expected: {
      stage: 'null',
      failure: 'refused',
      text: 'RPC: Program/version mismatch; low version = 3, high version = 3',
    },
  },
  {
    what: 'only 4.2 lost',
    more: { version: '4' },
    harm: (_, ganesha) => ganesha.restart({ minors: '0,1' }),
    mend: restart,
    expected: {
      stage: 'session',
      failure: 'refused',
      text: 'nfs error(NFS4ERR_MINOR_VERS_MISMATCH)',
    },
  },
  {
    what: 'version 3 lost after auto had settled on it',
    more: { version: 'auto' },
    harm: (_, ganesha) => ganesha.restart({ protocols: '4' }),
    mend: restart,
    expected: { stage: 'portmap', failure: 'refused', text: 'RPC: Program not registered.' },
  },
  {
    what: 'mountd lost after auto had settled on version 3',
    more: { version: 'auto' },
    harm: (server) => server.cut({ mode: 'reset', port: 20_048 }),
    expected: { stage: 'mount', failure: 'connect', text: refused, reason: /^mountd/ },
  },
  {
    what: 'rpcbind lost after auto had settled on version 3',
    more: { version: 'auto' },
    harm: (server) => server.service('rpcbind').stop(),
    mend: startAll,
    expected: {
      stage: 'portmap',
      failure: 'connect',
      text: 'RPC: Port mapper failure - RPC: Unable to receive',
    },
  },
]

t.test('what happens to a server that was healthy is named', options, async (t) => {
  const server = await Host.create({ name: 'nfs' })
  t.teardown(() => server.down())
  const ganesha = await server.ganesha()
  for (const { what, more, harm, mend, expected } of rows) {
    const probe = probeOf(server, more)
    if (more.directory === undefined) {
      t.match(await probe(AbortSignal.timeout(20_000)), { kind: 'ok' }, `${what}: healthy before`)
    }
    await harm(server, ganesha)
    expectFailure(t, what, await timed(probe, deadlineMs), expected)
    await server.heal()
    await mend?.(server, ganesha)
    if (more.directory === undefined) {
      t.match(await probe(AbortSignal.timeout(20_000)), { kind: 'ok' }, `${what}: healthy again`)
    }
  }
})

t.test('a server killed in the middle of a check breaks the connection', options, async (t) => {
  const server = await Host.create({ name: 'nfs' })
  t.teardown(() => server.down())
  const ganesha = await server.ganesha()
  for (const version of ['3', '4.1'] as const) {
    await ganesha.freeze()
    const checking = timed(probeOf(server, { version }), 20_000)
    // The kernel takes the connection and the call; only then is there a middle to be killed in.
    for (;;) {
      const { stdout } = await server.exec('ss', [
        '-Htn',
        'state',
        'established',
        'sport',
        '=',
        ':2049',
      ])
      if (/^[1-9]/m.test(stdout)) break
    }
    await ganesha.kill()
    expectFailure(t, `killed, ${version}`, await checking, {
      stage: 'null',
      failure: 'broken',
      text: 'RPC: Unable to receive: errno = Connection reset by peer.',
    })
    await ganesha.start()
  }
})

t.test('a share that hangs under a healthy server is found', options, async (t) => {
  const [front, back] = await Promise.all([
    Host.create({ name: 'front' }),
    Host.create({ name: 'back' }),
  ])
  t.teardown(() => Promise.all([front.down(), back.down()]))
  const behind = await back.ganesha({ protocols: '4' })
  await front.ganesha({
    protocols: '4',
    exports: [{ path: '/srv/nfs/data', pseudo: '/near' }],
    extra: `EXPORT { Export_Id = 9; Path = /data; Pseudo = /far; Attr_Expiration_Time = 0;
      FSAL { Name = PROXY_V4; Srv_Addr = ${back.address}; } }`,
  })
  const near = probeOf(front, { version: '4.1', directory: '/near' })
  const far = probeOf(front, { version: '4.1', directory: '/far' })
  for (const probe of [near, far]) {
    t.match(await probe(AbortSignal.timeout(20_000)), { kind: 'ok' })
  }
  await behind.freeze()
  const { outcome, overshootMs } = await timed(far, deadlineMs)
  t.match(outcome, { kind: 'failed', failure: 'timeout' }, summary(outcome))
  t.ok(overshootMs <= lateMs, `${overshootMs.toFixed(1)} ms after the deadline`)
  t.match(await near(AbortSignal.timeout(20_000)), { kind: 'ok' }, 'the other share is healthy')
})

t.test('grace is patience, and is named when the deadline comes first', options, async (t) => {
  const server = await Host.create({ name: 'grace' })
  t.teardown(() => server.down())
  const ganesha = await server.ganesha({ grace: 5 })
  for (const version of ['4.1', '4.0'] as const) {
    await holdOpen(t, server)
    await ganesha.kill()
    await ganesha.start()
    const probe = probeOf(server, { version, depth: 'write' })
    expectFailure(t, `grace, ${version}`, await timed(probe, deadlineMs), {
      stage: 'write',
      failure: 'grace',
      text: 'nfs error(NFS4ERR_GRACE)',
    })
    const late = await probe(AbortSignal.timeout(20_000))
    t.match(late, { kind: 'ok' }, summary(late))
  }
})

t.test('the deadlines were kept', options, async (t) => {
  for (const { what, overshootMs } of overshoots) t.comment(`${overshootMs.toFixed(1)} ms: ${what}`)
  t.ok(overshoots.length > 0)
})
