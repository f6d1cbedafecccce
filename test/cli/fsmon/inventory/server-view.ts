import t from 'tap'
import type { Asked } from '../../../../src/cli/fsmon/inventory/ask-server.ts'
import { serverView } from '../../../../src/cli/fsmon/inventory/server-view.ts'
import type { Item, Protocol } from '../../../../src/inventory/item.ts'

const place = { address: 'nas', addresses: ['10.0.0.1'] }
const answer = (...items: Item[]): Asked => ({
  kind: 'answer',
  stages: [],
  answer: { items, isComplete: true, askedAs: '' },
})

t.test(
  'what both versions of NFS show is one export, and everything has its watchers',
  async (t) => {
    const asked = new Map<Protocol, Asked>([
      [
        'smb',
        answer(
          { name: 'pub', properties: { type: 'disk' } },
          { name: 'IPC$', properties: {}, isSpecial: true },
        ),
      ],
      ['nfs3', answer({ name: '/b', properties: { access: '*' } }, { name: '/a', properties: {} })],
      ['nfs4', answer({ name: '/b', properties: {} }, { name: '/c', properties: {} })],
    ])
    const watcher = { id: 'w', addresses: ['10.0.0.1'], depth: 'share', state: 'watching' }
    const view = serverView(place, asked, [
      { ...watcher, protocols: ['smb'], port: 445, name: 'PUB' },
      { ...watcher, protocols: ['nfs4'], name: '/b' },
    ])
    t.equal(view.server, 'nas')
    t.strictSame(
      view.rows.map(({ kind, name, protocols, isSpecial, watchedBy }) => [
        kind,
        name,
        protocols.join(),
        isSpecial,
        watchedBy.length,
      ]),
      [
        ['smb', 'IPC$', 'smb', true, 0],
        ['smb', 'pub', 'smb', false, 1],
        ['nfs', '/a', 'nfs3', false, 0],
        ['nfs', '/b', 'nfs3,nfs4', false, 1],
        ['nfs', '/c', 'nfs4', false, 0],
      ],
    )
    t.strictSame(view.rows[3]?.properties, { access: '*' })
  },
)

t.test('who did not answer has no rows', async (t) => {
  const failed: Asked = { kind: 'failed', stages: [], reason: 'x' }
  t.strictSame(serverView({ ...place, nfsPort: 1 }, new Map([['smb', failed]]), []).rows, [])
})
