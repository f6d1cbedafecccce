import type { NetworkInterfaceInfo } from 'node:os'
import t from 'tap'
import {
  addressFinder,
  serverName,
  serverPlaces,
  watchersOf,
} from '../../../../src/cli/fsmon/inventory/server-places.ts'
import type { MonitorRecord } from '../../../../src/registry/record.ts'
import type { Entry } from '../../../../src/registry/registry.ts'
import { sampleRecord } from '../../../helpers/sample-record.ts'

const known: Record<string, [string, ...string[]]> = {
  nas: ['10.0.0.1', 'fd00::1'],
  own: ['10.9.9.9'],
}
let lookups = 0
const resolve = async (host: string): Promise<[string, ...string[]]> => {
  lookups += 1
  if (host === 'unknown') throw new Error('ENOTFOUND')
  return known[host] ?? [host]
}
const own: Partial<NetworkInterfaceInfo> = { address: '10.9.9.9' }
const find = () => addressFinder(resolve, () => ({ eth0: [own as NetworkInterfaceInfo] }))

const entry = (
  changes: Partial<MonitorRecord>,
  kind: 'live' | 'dead' | 'ended' = 'live',
): Entry => ({
  kind,
  record: sampleRecord(changes),
})
const samba = (address: string, more = {}) => ({
  command: 'clp_sambamon',
  options: { address, share: 'pub', port: 445, depth: 'share', ...more },
})
const nfs = (address: string, more = {}) => ({
  command: 'clp_nfsmon',
  options: { address, directory: '/srv', nfsVersion: 'auto', depth: 'read', ...more },
})

t.test('names and addresses of one server are one, and each name is looked up once', async (t) => {
  const finder = find()
  lookups = 0
  t.strictSame(await finder('nas'), known['nas'])
  await finder('nas')
  t.equal(lookups, 1)
  t.strictSame(await finder('Unknown'), ['Unknown'])
  t.strictSame(await finder('unknown'), ['unknown'], 'a name that nobody knows stands for itself')
  const shared = (await finder('127.0.0.1')).filter((each) => each !== '127.0.0.1')
  t.strictSame((await finder('own')).slice(1), shared, 'all of this host are one')
})

t.test('only what runs watches anything', async (t) => {
  const entries = [
    entry({ id: 'a', ...samba('nas') }),
    entry({ id: 'b', ...nfs('10.0.0.1', { nfsVersion: '4.1', nfsPort: 2050 }), state: 'paused' }),
    entry({ id: 'c', ...nfs('nas', { nfsVersion: '3' }) }),
    entry({ id: 'd', ...samba('nas') }, 'dead'),
    entry({ id: 'e', ...samba('nas') }, 'ended'),
    entry({ id: 'f', command: 'clp_fsmon', options: { watches: 3 } }),
    { kind: 'unreadable', reason: 'x', isLive: true } as const,
  ]
  t.strictSame(await watchersOf(entries, find()), [
    {
      id: 'a',
      protocols: ['smb'],
      addresses: known['nas'],
      port: 445,
      name: 'pub',
      depth: 'share',
      state: 'watching',
    },
    {
      id: 'b',
      protocols: ['nfs4'],
      addresses: ['10.0.0.1'],
      port: 2050,
      name: '/srv',
      depth: 'read',
      state: 'paused',
    },
    {
      id: 'c',
      protocols: ['nfs3'],
      addresses: known['nas'],
      name: '/srv',
      depth: 'read',
      state: 'watching',
    },
  ])
})

const given = { address: undefined, port: undefined, nfsPort: undefined, mountPort: undefined }

t.test('the server that is named, with its ports', async (t) => {
  t.strictSame(await serverPlaces({ ...given, address: 'nas', port: 1445 }, [], find()), [
    { address: 'nas', addresses: known['nas'], port: 1445 },
  ])
})

t.test('every server that a watch points at, each once, but for other ports', async (t) => {
  const entries = [
    entry(samba('nas')),
    entry(nfs('10.0.0.1', { nfsPort: 2050, mountPort: 99 })),
    entry(samba('10.0.0.1', { port: 1445 })),
    entry(samba('10.0.0.3'), 'dead'),
    entry(samba('10.0.0.4'), 'ended'),
    entry({ command: 'clp_fsmon', options: { address: '10.0.0.5', inventory: 'smb' } }),
  ]
  t.strictSame(await serverPlaces(given, entries, find()), [
    { address: 'nas', addresses: known['nas'], port: 445, nfsPort: 2050, mountPort: 99 },
    { address: '10.0.0.1', addresses: ['10.0.0.1'], port: 1445 },
    { address: '10.0.0.3', addresses: ['10.0.0.3'], port: 445 },
  ])
  t.match(await serverPlaces({ ...given, port: 446 }, entries, find()), [
    { port: 446 },
    { port: 446 },
  ])
})

t.test('a server is called by its address, and ports that are not the usual ones', async (t) => {
  const name = (more: object) => serverName({ address: 'NAS', addresses: [], ...more })
  t.equal(name({}), 'nas')
  t.equal(name({ port: 445, nfsPort: 2049, mountPort: 7 }), 'nas')
  t.equal(name({ port: 1445, nfsPort: 2050 }), 'nas (smb 1445, nfs 2050)')
  t.equal(name({ address: 'fd00::1', port: 1 }), '[fd00::1] (smb 1)')
})
