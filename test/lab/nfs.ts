import { join } from 'node:path'
import t from 'tap'
import type { NfsTarget } from '../../src/probe/nfs-check.ts'
import type { Outcome } from '../../src/probe/probe.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import type { GaneshaOptions } from '../helpers/lab/ganesha.ts'
import { check, summary } from '../helpers/lab-nfs.ts'

t.setTimeout(180_000)
const options = { skip: skipOutsideLab() }
const root = join(import.meta.dirname, '../..')

const names = ({ stages }: Outcome) => stages.map(({ name }) => name).join(' ')
const share3 = 'mount getattr umount'
const ports = { nfsPort: 2049, mountPort: 20_048 }

type Row = { more: Partial<NfsTarget>; version: string; stages: string }

const both: Row[] = [
  { more: { version: '3' }, version: '3', stages: `portmap null ${share3}` },
  { more: { version: 'auto' }, version: '3', stages: `portmap null ${share3}` },
  { more: { version: '3', nfsPort: 2049 }, version: '3', stages: `portmap null ${share3}` },
  { more: { version: '3', ...ports }, version: '3', stages: `null ${share3}` },
  { more: { version: '3', depth: 'service' }, version: '3', stages: 'portmap null' },
  {
    more: { version: '3', depth: 'read' },
    version: '3',
    stages: 'portmap null mount getattr list umount',
  },
  {
    more: { version: '3', depth: 'read', path: 'hello.txt' },
    version: '3',
    stages: 'portmap null mount getattr read umount',
  },
  {
    more: { version: '3', depth: 'write' },
    version: '3',
    stages: 'portmap null mount getattr list write verify remove umount',
  },
  {
    more: { version: '3', transport: 'udp', depth: 'write' },
    version: '3',
    stages: 'portmap null mount getattr list write verify remove umount',
  },
  { more: { version: '4.0' }, version: '4.0', stages: 'null walk getattr' },
  {
    more: { version: '4.0', depth: 'read', path: 'hello.txt' },
    version: '4.0',
    stages: 'null walk getattr read',
  },
  {
    more: { version: '4.0', depth: 'write' },
    version: '4.0',
    stages: 'null walk getattr list write verify close remove',
  },
  ...(['4.1', '4.2'] as const).flatMap((version): Row[] => [
    { more: { version }, version, stages: 'null session walk getattr teardown' },
    {
      more: { version, depth: 'read', path: 'hello.txt' },
      version,
      stages: 'null session walk getattr read close teardown',
    },
    {
      more: { version, depth: 'write' },
      version,
      stages: 'null session walk getattr list write verify close remove teardown',
    },
  ]),
  { more: { version: '4' }, version: '4.2', stages: 'null session walk getattr teardown' },
  { more: { version: '4', depth: 'service' }, version: '4', stages: 'null' },
]

t.test('a server of both versions is healthy in each, at every depth', options, async (t) => {
  const server = await Host.create({ name: 'nfs' })
  t.teardown(() => server.down())
  const ganesha = await server.ganesha()
  for (const { more, version, stages } of both) {
    const outcome = await check(server, more)
    t.match(outcome, { kind: 'ok', detail: { version, address: server.address } }, summary(outcome))
    t.equal(names(outcome), stages, JSON.stringify(more))
  }

  await t.test('over IPv6 as well', async (t) => {
    for (const version of ['3', '4.0', '4.2'] as const) {
      const outcome = await check(server, { host: server.address6, version })
      t.match(
        outcome,
        { kind: 'ok', detail: { address: server.address6, version } },
        summary(outcome),
      )
    }
  })

  await t.test('a file may be empty, and end before, at, or after what is asked for', async (t) => {
    for (const size of [0, 1, 4095, 4096, 4097, 100_000]) {
      await server.exec('sh', ['-c', `head -c ${size} /dev/zero >/srv/nfs/data/of-${size}`])
      for (const version of ['3', '4.0', '4.1', '4.2'] as const) {
        const outcome = await check(server, { version, depth: 'read', path: `of-${size}` })
        t.equal(outcome.kind, 'ok', `${size} bytes, ${version}: ${summary(outcome)}`)
      }
    }
  })

  await t.test('with both ports given no portmapper is needed', async (t) => {
    await server.service('rpcbind').stop()
    t.match(await check(server, { version: '3', ...ports }), { kind: 'ok' })
    t.match(await check(server, { version: 'auto', ...ports }), {
      kind: 'ok',
      detail: { version: '3' },
    })
  })

  await t.test('and nothing was left behind', async (t) => {
    const left = await server.exec('bash', ['-c', 'ls -A /srv/nfs/data; ss -Htan state connected'])
    t.same(
      left.stdout.split('\n').filter((line) => line.startsWith('.clp')),
      [],
    )
    const notes = (await ganesha.log()).split('\n').filter((line) => /errno|warn.*xprt/i.test(line))
    // On a busy machine the reset that follows our FIN shows at times; nfs-many.ts says how often it may.
    t.same(
      notes.filter((line) => !line.includes('recv errno 104')),
      [],
    )
  })
})

t.test('servers of version 4 alone need no portmapper', options, async (t) => {
  const server = await Host.create({ name: 'nfs4' })
  t.teardown(() => server.down())
  const cases: [GaneshaOptions['minors'], string][] = [
    ['0', '4.0'],
    ['1', '4.1'],
    ['2', '4.2'],
    ['0,1,2', '4.2'],
  ]
  const ganesha = await server.ganesha({ protocols: '4', minors: '0' })
  for (const [minors, version] of cases) {
    await ganesha.restart({ protocols: '4', ...(minors !== undefined && { minors }) })
    for (const asked of ['auto', '4'] as const) {
      const outcome = await check(server, { version: asked, directory: '/data' })
      t.match(
        outcome,
        { kind: 'ok', detail: { version } },
        `${asked}, ${minors}: ${summary(outcome)}`,
      )
    }
    t.match(await check(server, { version: 'auto', directory: '/data', depth: 'write' }), {
      kind: 'ok',
    })
  }
})

t.test('a server that insists on reserved ports accepts ours', options, async (t) => {
  const server = await Host.create({ name: 'strict' })
  t.teardown(() => server.down())
  await server.ganesha({ privileged: true })
  for (const version of ['3', '4.0', '4.1', '4.2'] as const) {
    t.match(await check(server, { version }), { kind: 'ok' }, `${version} from a reserved port`)
    const refused = await check(server, { version, privileged: false })
    t.match(refused, { kind: 'failed', failure: 'refused' }, `${version}: ${summary(refused)}`)
  }
})

/** Holds every reserved port of its host, lets one go for each line, and says when. */
const holder = `
  const { createServer } = require('node:net')
  const held = Array.from({ length: 512 }, (_, at) => createServer().listen(512 + at, '0.0.0.0'))
  let left = held.length
  for (const each of held) each.on('listening', () => --left || console.log('all held'))
  process.stdin.on('data', () => held.splice(100, 1)[0].close(() => console.log('one is free')))
`

t.test('without a free reserved port nothing is said of the server', options, async (t) => {
  const server = await Host.create({ name: 'nfs' })
  t.teardown(() => server.down())
  await server.ganesha()
  // A host of its own: the tests beside this one need such ports.
  const client = await Host.create({ name: 'client' })
  t.teardown(() => client.down())
  const ports = client.spawn(process.execPath, ['-e', holder])
  await ports.said(/all held/)
  const words = ['-u', 'NODE_OPTIONS', process.execPath, join(root, 'bin/clp_nfsmon'), '--check']
  const checkFrom = (directory: string, ...more: string[]) =>
    client.exec('env', [...words, '-d', directory, '-a', server.address, '-r', '20', ...more])
  for (const [directory, version] of [
    ['/srv/nfs/data', '3'],
    ['/data', '4.1'],
  ] as const) {
    const { status, stdout } = await checkFrom(directory, '--nfs-version', version)
    t.equal(status, 5, `${version}: ${stdout}`)
    t.match(stdout, /CANNOT JUDGE.*EADDRINUSE/s, version)
  }
  const overUdp = await checkFrom('/srv/nfs/data', '--nfs-version', '3', '--transport', 'udp')
  t.match(overUdp, { status: 0 }, 'a port that is taken for TCP is free for UDP')
  ports.child.stdin.write('one\n')
  await ports.said(/one is free/)
  const withOne = await checkFrom('/srv/nfs/data', '--nfs-version', '3')
  t.match(withOne, { status: 0 }, 'one free port is enough')
  await ports.kill()
  await ports.finished
})

t.test('tshark reads every message, and sees reserved ports', options, async (t) => {
  const server = await Host.create({ name: 'nfs' })
  t.teardown(() => server.down())
  await server.ganesha()
  await using capture = await server.capture()
  for (const version of ['3', '4.0', '4.1', '4.2'] as const) {
    t.match(await check(server, { version, depth: 'write', path: 'hello.txt' }), { kind: 'ok' })
  }
  t.match(await check(server, { version: '3', transport: 'udp' }), { kind: 'ok' })
  const malformed = await capture.decode('_ws.malformed or rpc.fragment.error', ['frame.number'])
  t.same(malformed, [])
  const calls = await capture.decode('rpc.msgtyp == 0', [
    'rpc.program',
    'rpc.programversion',
    'tcp.srcport',
    'udp.srcport',
  ])
  const called = calls.map((call) => {
    const [program = ''] = call['rpc.program'].split(',')
    const [version = ''] = call['rpc.programversion'].split(',')
    return `${program} ${version}`
  })
  t.same([...new Set(called)].toSorted(), ['100000 2', '100003 3', '100003 4', '100005 3'])
  t.comment(`${calls.length} packets with calls`)
  for (const call of calls) {
    const port = Number(call['tcp.srcport'] || call['udp.srcport'])
    if (call['rpc.program'] !== '100000') t.ok(port >= 512 && port < 1024, `from port ${port}`)
  }
  const inPairs = calls.filter((call) => call['rpc.program'] === '100003,100003')
  t.equal(inPairs.length, 2, 'of 4.1 and 4.2 NULL and what is sent along with it are one packet')
  const replies = await capture.decode('rpc.msgtyp == 1', ['rpc.replystat', 'rpc.state_accept'])
  t.ok(replies.every((reply) => /^0(,0)*$/.test(reply['rpc.state_accept'])))
})
