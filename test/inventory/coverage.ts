import t from 'tap'
import { coverage, type Found, type Watcher } from '../../src/inventory/coverage.ts'

const watcher = (changes: Partial<Watcher>): Watcher => ({
  id: 'w',
  protocols: ['smb'],
  addresses: ['10.0.0.1'],
  name: 'pub',
  depth: 'share',
  state: 'watching',
  ...changes,
})
const place = { addresses: ['10.0.0.1', 'fd00::1'] }
const share = (name: string): Found => ({ protocols: ['smb'], name })
const directory = (name: string, ...protocols: Found['protocols'][number][]): Found => ({
  protocols: protocols.length === 0 ? ['nfs3', 'nfs4'] : protocols,
  name,
})
const ids = (covers: ReturnType<typeof coverage>) => covers.map((each) => each.map(({ id }) => id))

t.test('a share is watched by name, in capitals or not, at its server and port', async (t) => {
  const shares = [share('Pub'), share('other')]
  t.strictSame(coverage(shares, place, [watcher({ name: 'PUB' })]), [
    [{ id: 'w', depth: 'share', state: 'watching' }],
    [],
  ])
  const cases: [Partial<Watcher>, boolean][] = [
    [{ addresses: ['10.0.0.2'] }, false],
    [{ addresses: ['10.0.0.2', 'fd00::1'] }, true],
    [{ port: 445 }, true],
    [{ port: 446 }, false],
    [{ protocols: ['nfs3'], name: '/Pub' }, false],
  ]
  for (const [changes, isWatched] of cases) {
    const covers = coverage(shares, { ...place, port: 445 }, [watcher(changes)])
    t.equal(ids(covers)[0]?.length, isWatched ? 1 : 0, JSON.stringify(changes))
  }
})

t.test('an export is watched by its directory, or one within it', async (t) => {
  const exports = ['/srv', '/srv/data/', '/srv/database', '/'].map((name) => directory(name))
  const nfs = (name: string) => watcher({ protocols: ['nfs3', 'nfs4'], name })
  const cases: [string, number, string | undefined][] = [
    ['/srv', 0, undefined],
    ['/srv/data', 1, undefined],
    ['//srv/./data/', 1, undefined],
    ['/srv/data/sub', 1, '/srv/data/sub'],
    ['/srv/database', 2, undefined],
    ['/srv/datab', 0, '/srv/datab'],
    ['/elsewhere', 3, '/elsewhere'],
  ]
  for (const [name, at, inside] of cases) {
    const covers = coverage(exports, place, [nfs(name)])
    t.strictSame(
      covers.map((each) => each.length),
      exports.map((_, index) => (index === at ? 1 : 0)),
      name,
    )
    t.equal(covers[at]?.[0]?.directory, inside, name)
  }
  t.strictSame(ids(coverage([directory('/srv')], place, [nfs('/other')])), [[]])
})

t.test('a watch of one version of NFS does not watch the other', async (t) => {
  const exports = [directory('/a', 'nfs3'), directory('/a', 'nfs4')]
  const of = (...protocols: Watcher['protocols'][number][]) =>
    ids(coverage(exports, place, [watcher({ protocols, name: '/a' })]))
  t.strictSame(of('nfs3'), [['w'], []])
  t.strictSame(of('nfs4'), [[], ['w']])
  t.strictSame(of('nfs3', 'nfs4'), [['w'], ['w']])
})

t.test('several may watch one', async (t) => {
  const both = [watcher({ id: 'a' }), watcher({ id: 'b', depth: 'read' })]
  t.strictSame(ids(coverage([share('pub')], place, both)), [['a', 'b']])
})
