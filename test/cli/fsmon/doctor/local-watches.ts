import { join } from 'node:path'
import t from 'tap'
import {
  addressOf,
  admissionFacts,
  localWatches,
} from '../../../../src/cli/fsmon/doctor/local-watches.ts'
import { settingsOf } from '../../../../src/cli/monitor/monitor-request.ts'

const own = new Set(['192.0.2.1', 'localhost'])
const samba = (address: string) => settingsOf('clp_sambamon', { share: 'pub', address })

t.test('only servers on this host are local', async (t) => {
  const running = {
    id: 'r',
    state: 'watching',
    command: 'clp_nfsmon',
    target: '/srv',
    server: '192.0.2.1',
    failures: 0,
    attempts: 1,
  } as const
  const watches = [
    { id: 'here', settings: samba('192.0.2.1') },
    { id: 'loop', settings: samba('127.0.0.5') },
    { id: 'there', settings: samba('192.0.2.9') },
    { id: 'default', settings: settingsOf('clp_nfsmon', { directory: '/exp' }) },
    { id: 'r', running },
    { id: 'empty' },
  ]
  t.same(localWatches(watches, own), [
    { id: 'here', kind: 'samba', share: 'pub' },
    { id: 'loop', kind: 'samba', share: 'pub' },
    { id: 'default', kind: 'nfs', directory: '/exp' },
    { id: 'r', kind: 'nfs', directory: '/srv' },
  ])
  t.equal(localWatches(watches.slice(2, 3)).length, 0, 'nor is it by the addresses of this host')
  t.strictSame(watches.map(addressOf).slice(2, 5), ['192.0.2.9', '', '192.0.2.1'])
})

t.test('what servers offer is read from their own files', async (t) => {
  const root = t.testdir({
    etc: {
      exports: '/a *\n',
      'exports.d': { 'b.exports': '/b *\n', 'c.txt': '/c *\n' },
      ganesha: {
        'ganesha.conf': [
          'EXPORT {\n  Path = "/d";\n  Pseudo = /e;\n}\n# Path = /gone;\n',
          'EXPORT { Export_Id = 2; Path = /on/one; Pseudo="/a line"; FSAL { Name = VFS; } }\n',
          'EXPORT{Path=/bare}\n',
        ].join(''),
      },
    },
  })
  const { signal } = new AbortController()
  const good = async () => ({ status: 0, out: '[pub]\n', err: 'Loaded\n' })
  const facts = await admissionFacts(root, good, signal)
  t.same(facts.samba, { text: '[pub]\n' })
  for (const path of ['/a', '/b', '"/d"', '"/e"', '"/on/one"', '"/a line"', '"/bare"']) {
    t.match(facts.exports, path)
  }
  t.notMatch(facts.exports, '/c')
  t.notMatch(facts.exports, '/gone')
  t.equal(facts.hasGanesha, true)
  const bad = async () => ({ status: 1, out: '', err: 'a\nno such thing\n' })
  t.match(await admissionFacts(root, bad, signal), { samba: { problem: 'no such thing' } })
  const none = async () => ({ status: undefined, out: '', err: '' })
  t.same(await admissionFacts(join(root, 'nowhere'), none, signal), {
    samba: undefined,
    exports: undefined,
    hasGanesha: false,
  })
})
