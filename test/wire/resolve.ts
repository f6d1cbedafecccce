import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { resolveHost } from '../../src/wire/resolve.ts'
import { startNameServer } from '../helpers/name-server.ts'

const forever = new AbortController().signal
const missing = '/nonexistent/file'

t.test('a numeric address is its own answer, with no name service to be had', async (t) => {
  const nowhere = { hostsFile: missing, resolvConf: missing, servers: ['127.0.0.1:1'] }
  for (const address of ['192.0.2.7', '2001:db8::7', 'fe80::1%eth0']) {
    t.strictSame(await resolveHost(address, forever, nowhere), [address])
  }
})

t.test('the hosts file comes first, IPv4 before IPv6, whatever the case of letters', async (t) => {
  const hostsFile = join(t.testdir(), 'hosts')
  writeFileSync(
    hostsFile,
    '2001:db8::1 FS1 # the file server\n# 192.0.2.9 fs1\n192.0.2.1\tother fs1\nnonsense fs1\n',
  )
  const { server, asked } = await startNameServer(t, {})
  const sources = { hostsFile, resolvConf: missing, servers: [server] }
  t.strictSame(await resolveHost('fs1', forever, sources), ['192.0.2.1', '2001:db8::1'])
  t.strictSame(asked, [])
})

t.test('a full name is asked of the name server as it is', async (t) => {
  const { server } = await startNameServer(t, {
    'fs1.example.com': { a: ['192.0.2.1', '192.0.2.2'], aaaa: ['2001:db8::1'] },
    'six.example.com': { aaaa: ['2001:db8::6'] },
  })
  const sources = { hostsFile: missing, resolvConf: missing, servers: [server] }
  t.strictSame(await resolveHost('fs1.example.com', forever, sources), [
    '192.0.2.1',
    '192.0.2.2',
    '2001:db8::1',
  ])
  t.strictSame(await resolveHost('six.example.com', forever, sources), ['2001:db8::6'])
})

t.test('short names go through the search list, as resolv.conf orders it', async (t) => {
  const resolvConf = join(t.testdir(), 'resolv.conf')
  writeFileSync(
    resolvConf,
    'nameserver 192.0.2.53\nsearch a.example b.example.\noptions timeout:1 ndots:2\n',
  )
  const { server, asked } = await startNameServer(t, {
    'fs1.b.example': { a: ['192.0.2.1'] },
    'fs1.sub': { a: ['192.0.2.2'] },
    'x.y.z': { a: ['192.0.2.3'] },
  })
  const sources = { hostsFile: missing, resolvConf, servers: [server] }
  t.strictSame(await resolveHost('fs1', forever, sources), ['192.0.2.1'])
  t.strictSame([...new Set(asked)], ['fs1.a.example', 'fs1.b.example'])
  asked.length = 0
  t.strictSame(await resolveHost('fs1.sub', forever, sources), ['192.0.2.2'])
  t.strictSame([...new Set(asked)], ['fs1.sub.a.example', 'fs1.sub.b.example', 'fs1.sub'])
  asked.length = 0
  t.strictSame(await resolveHost('x.y.z', forever, sources), ['192.0.2.3'])
  t.strictSame([...new Set(asked)], ['x.y.z'], 'enough dots: itself first')
  asked.length = 0
  t.strictSame(await resolveHost('x.y.z.', forever, sources), ['192.0.2.3'])
  t.strictSame([...new Set(asked)], ['x.y.z'], 'a final dot: nothing else')
})

t.test('a name that nobody knows is told apart from a name service in trouble', async (t) => {
  const { server } = await startNameServer(t, { 'fs1.example.com': { rcode: 2 } })
  const sources = { hostsFile: missing, resolvConf: missing, servers: [server] }
  await t.rejects(resolveHost('no.example.com', forever, sources), { code: 'ENOTFOUND' })
  await t.rejects(resolveHost('fs1.example.com', forever, sources), { code: 'ESERVFAIL' })
  const nowhere = { ...sources, servers: ['127.0.0.1:1'] }
  await t.rejects(resolveHost('fs1.example.com', forever, nowhere), { code: 'ECONNREFUSED' })
})

t.test(
  'where the look-up for IPv4 fails, what was found for IPv6 is not all there is',
  async (t) => {
    const addresses = { a: ['192.0.2.7'], aaaa: ['2001:db8::7'] }
    const { server } = await startNameServer(t, {
      'fs1.example.com': { ...addresses, failsFor: 'a' },
      'fs2.example.com': { ...addresses, failsFor: 'aaaa' },
    })
    const sources = { hostsFile: missing, resolvConf: missing, servers: [server] }
    await t.rejects(resolveHost('fs1.example.com', forever, sources), {
      code: 'ESERVFAIL',
      partial: ['2001:db8::7'],
    })
    t.strictSame(await resolveHost('fs2.example.com', forever, sources), ['192.0.2.7'])
  },
)

t.test('a silent name server is given up at the abort, not later', async (t) => {
  const { server, asked } = await startNameServer(t, { 'fs1.example.com': { silent: true } })
  const sources = { hostsFile: missing, resolvConf: missing, servers: [server] }
  const controller = new AbortController()
  const reason = new Error('enough')
  const looking = resolveHost('fs1.example.com', controller.signal, sources)
  const whenAsked = setInterval(() => {
    if (asked.length > 0) controller.abort(reason)
  }, 5)
  t.teardown(() => {
    clearInterval(whenAsked)
  })
  await t.rejects(looking, reason)
  await t.rejects(resolveHost('192.0.2.1', AbortSignal.abort(reason)), reason)
})
