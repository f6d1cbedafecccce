import { parse } from 'smol-toml'
import t from 'tap'
import type { Asked } from '../../../../src/cli/fsmon/inventory/ask-server.ts'
import { inventoryToml } from '../../../../src/cli/fsmon/inventory/inventory-toml.ts'
import { loadInventoryTexts } from '../../../../src/cli/fsmon/inventory/inventory-texts.ts'
import type { Row } from '../../../../src/cli/fsmon/inventory/server-view.ts'
import type { ServerPlace } from '../../../../src/cli/fsmon/inventory/server-places.ts'
import type { Protocol } from '../../../../src/inventory/item.ts'

const words = await loadInventoryTexts('en')
const settings = { all: false, credentialsFile: undefined, encrypt: false }
const share = (name: string, more: Partial<Row> = {}): Row => ({
  kind: 'smb',
  name,
  protocols: ['smb'],
  properties: { type: 'disk' },
  isSpecial: false,
  watchedBy: [],
  ...more,
})
const directory = (name: string, ...protocols: Row['protocols']): Row =>
  share(name, { kind: 'nfs', protocols, properties: {} })

const answered = (isComplete = true): Asked => ({
  kind: 'answer',
  stages: [],
  answer: { items: [], isComplete, askedAs: '' },
})

function toml(
  rows: Row[],
  more = {},
  place: Partial<ServerPlace> = {},
  ids = new Set<string>(),
  asked: [Protocol, Asked][] = [['smb', answered()]],
) {
  const view = {
    server: 'nas',
    place: { address: 'nas', addresses: [], ...place },
    asked: new Map(asked),
    rows,
  }
  return inventoryToml(view, { ...settings, ...more }, ids, words)
}

t.test('what nobody watches, as a list that can be read', async (t) => {
  const watched = [{ id: 'w', depth: 'share', state: 'watching' }]
  const rows = [
    share('a "b" \\c 共有'),
    share('watched', { watchedBy: watched }),
    share('IPC$', { isSpecial: true }),
    directory('/srv/data', 'nfs3', 'nfs4'),
    directory('/only4', 'nfs4'),
  ]
  const place = { port: 1445, nfsPort: 2050, mountPort: 99 }
  const text = toml(rows, { credentialsFile: '/etc/cred', encrypt: true }, place)
  t.strictSame(JSON.parse(JSON.stringify(parse(text))), {
    watch: [
      {
        id: 'abc',
        kind: 'samba',
        share: 'a "b" \\c 共有',
        address: 'nas',
        port: 1445,
        credentials: '/etc/cred',
        encrypt: true,
      },
      {
        id: 'srvdata',
        kind: 'nfs',
        directory: '/srv/data',
        address: 'nas',
        'nfs-port': 2050,
        'mount-port': 99,
      },
      {
        id: 'only4',
        kind: 'nfs',
        directory: '/only4',
        address: 'nas',
        'nfs-version': '4',
        'nfs-port': 2050,
        'mount-port': 99,
      },
    ],
  })
})

t.test('IDs are unlike those that there are, and one another', async (t) => {
  const ids = new Set(['pub', 'pubx2'])
  const text = toml([share('pub'), share('p-u-b'), share('共有'), share('有共')], {}, {}, ids)
  t.strictSame(
    [...text.matchAll(/^id = "(.*)"$/gm)].map(([, id]) => id),
    ['pubx3', 'pubx4', 'watch', 'watchx2'],
  )
})

t.test('what cannot be watched is a remark, which a name does not break out of', async (t) => {
  const rows = [
    share('x\n[[watch]]'),
    share('x'.repeat(256)),
    share('pipe', { properties: { type: 'ipc' } }),
    directory('relative', 'nfs3'),
    share('/denied', {
      kind: 'nfs',
      protocols: ['nfs4'],
      properties: { access: 'NFS4ERR_ACCESS' },
    }),
  ]
  const text = toml(rows, { all: true })
  t.equal(Object.keys(parse(text)).length, 0)
  t.equal(text.match(/cannot be watched/g)?.length, 5)
})

t.test('where everything is watched, it says so', async (t) => {
  t.equal(toml([]), '# nas: everything is watched\n')
})

t.test(
  'a server that did not tell everything is not one where everything is watched',
  async (t) => {
    const failed: Asked = { kind: 'failed', stages: [], reason: 'no\n[[watch]]' }
    const refused: Asked = { kind: 'not-served', stages: [], reason: 'ECONNREFUSED' }
    const of = (...asked: [Protocol, Asked][]) => toml([], {}, {}, new Set(), asked)
    for (const asked of [[], [['smb', failed]], [['smb', refused]], [['nfs4', answered(false)]]]) {
      const text = of(...(asked as [Protocol, Asked][]))
      t.match(text, /^# nas: not everything is known/)
      t.equal(Object.keys(parse(text)).length, 0)
    }
    t.match(of(['smb', failed]), /\n# nas, SMB: not known: no/)
    t.match(
      of(['smb', answered()], ['nfs3', refused]),
      /^# nas: everything is watched\n# .*not served/,
    )
    const some = toml([share('a')], {}, {}, new Set(), [
      ['smb', answered()],
      ['nfs3', failed],
    ])
    t.match(some, /^# what is watched by none on nas.*\n# nas, NFS version 3: not known: /)
    t.match(parse(some), { watch: [{ id: 'a' }] })
  },
)
