import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { serveSettings, type ServeOptions } from '../../../../src/cli/fsmon/serve/serve-settings.ts'

const uid = process.getuid?.() ?? 0
const token = 'a-token-of-20-letters'
const listen = '127.0.0.1:9747'
const own = 'node1'

t.test('on this host alone nothing more is needed', async (t) => {
  t.match(serveSettings({ listen: '[::1]' }, uid, own), {
    address: { host: '::1', port: 9747 },
    isOpen: false,
    peers: [],
    token: undefined,
    tls: undefined,
    allowControl: false,
  })
})

t.test('everything that can be asked for is understood', async (t) => {
  const directory = t.testdir()
  const place = (name: string, text: string) => {
    const file = join(directory, name)
    writeFileSync(file, text, { mode: 0o600 })
    return file
  }
  const settings = serveSettings(
    {
      listen: '0.0.0.0:1',
      tokenFile: place('token', token),
      tlsCert: place('cert', 'CERT'),
      tlsKey: place('key', 'KEY'),
      allowControl: true,
      allowHost: ['Monitor.Example.COM', '[::2]'],
      peer: ['https://a:9747', 'http://b'],
      peerTokens: place('tokens', 'https://a:9747 secret'),
      peerCa: place('ca', 'CA'),
    },
    uid,
    own,
  )
  t.match(settings, {
    isOpen: false,
    token,
    tls: { cert: 'CERT', key: 'KEY' },
    allowControl: true,
    peers: [
      { host: 'a:9747', token: 'secret', ca: 'CA' },
      { host: 'b', token: undefined },
    ],
  })
  t.strictSame([...settings.names], ['0.0.0.0', 'monitor.example.com', '::2'])
  t.equal(serveSettings({ listen: '0.0.0.0', insecureListen: true }, uid, own).isOpen, true)
})

t.test('what cannot be is refused, without a secret in it', async (t) => {
  const cases: [Partial<ServeOptions>, string][] = [
    [{ listen: 'x:y' }, 'refused.address'],
    [{ listen: '0.0.0.0' }, 'refused.open'],
    [{ allowControl: true }, 'refused.control'],
    [{ tlsCert: '/x' }, 'refused.pair'],
    [{ tlsKey: '/x' }, 'refused.pair'],
    [{ tokenFile: '/none' }, 'file.unreadable'],
    [{ allowHost: ['a b'] }, 'refused.host'],
    [{ allowHost: ['a:1'] }, 'refused.host'],
    [{ peer: ['nonsense'] }, 'refused.peer'],
    [{ peer: ['ftp://a'] }, 'refused.peer'],
    [{ peer: ['http://user:secret@a'] }, 'refused.peer'],
    [{ peer: ['http://a?token=x'] }, 'refused.peer'],
    [{ peer: ['http://a', 'http://a/'] }, 'refused.twice'],
    [{ peer: ['http://a:1/x', 'https://a:1/x/'] }, 'refused.twice'],
  ]
  for (const [options, trouble] of cases) {
    t.throws(
      () => serveSettings({ listen, ...options }, uid, own),
      { name: 'ServeError', trouble },
      JSON.stringify(options),
    )
  }
  try {
    serveSettings({ listen, peer: ['http://user:secret@a'] }, uid, own)
  } catch (error) {
    t.notMatch(JSON.stringify(error), 'secret')
  }
})

t.test('no two hosts go by one name, and none by that of our own', async (t) => {
  const peer = [
    'https://proxy/a',
    'https://proxy/b/',
    'https://proxy',
    'http://node1',
    'http://node1:9747',
  ]
  t.strictSame(
    serveSettings({ listen, peer }, uid, own).peers.map(({ host }) => host),
    ['proxy/a', 'proxy/b', 'proxy', 'http://node1', 'node1:9747'],
  )
})
