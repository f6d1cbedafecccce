import t from 'tap'
import type { Asked } from '../../../../src/cli/fsmon/inventory/ask-server.ts'
import {
  inventoryJson,
  inventoryText,
  inventoryTroubles,
} from '../../../../src/cli/fsmon/inventory/inventory-text.ts'
import { loadInventoryTexts } from '../../../../src/cli/fsmon/inventory/inventory-texts.ts'
import type { Row, ServerView } from '../../../../src/cli/fsmon/inventory/server-view.ts'
import type { Protocol } from '../../../../src/inventory/item.ts'

const words = await loadInventoryTexts('en')
const row = (changes: Partial<Row>): Row => ({
  kind: 'smb',
  name: 'pub',
  protocols: ['smb'],
  properties: { type: 'disk', comment: '' },
  isSpecial: false,
  watchedBy: [],
  ...changes,
})
const answered: Asked = {
  kind: 'answer',
  stages: [
    { name: 'connect', ms: 1.2 },
    { name: 'list', ms: 2.3 },
  ],
  answer: { items: [], isComplete: true, askedAs: 'anonymous' },
}
const view = (rows: Row[], asked: [Protocol, Asked][] = [['smb', answered]]): ServerView => ({
  server: 'nas',
  place: { address: 'nas', addresses: [] },
  asked: new Map(asked),
  rows,
})

t.test('shares in a table, with who watches them and how many nobody does', async (t) => {
  const cover = { id: 'w1', depth: 'share', state: 'watching' }
  const rows = [
    row({ watchedBy: [cover, { ...cover, id: 'w2', state: 'paused' }] }),
    row({ name: 'other', properties: { type: 'disk', comment: 'x'.repeat(99) } }),
    row({ name: 'IPC$', isSpecial: true }),
  ]
  const text = inventoryText(view(rows), false, words)
  t.match(text, /^nas: 2 shares of SMB, 1 of them watched by none$/m)
  t.match(text, /^ {2}SHARE +TYPE +COMMENT +WATCHED BY$/m)
  t.match(text, /pub +disk +w1 \(share\), w2 \(share, paused\)/)
  t.match(text, /other +disk +x{60}… +none/)
  t.match(text, /1 special shares and printers are not shown/)
  t.match(inventoryText(view(rows), true, words), /IPC\$/)
})

t.test('exports with their versions and those whom they are for', async (t) => {
  const rows = [
    row({
      kind: 'nfs',
      name: '/srv',
      protocols: ['nfs3', 'nfs4'],
      properties: { access: '*' },
      watchedBy: [{ id: 'n', depth: 'read', state: 'watching', directory: '/srv/sub' }],
    }),
  ]
  const text = inventoryText(view(rows, [['nfs4', answered]]), false, words)
  t.match(text, /\/srv +3, 4 +\* +n \(read, \/srv\/sub\)/)
  t.equal(inventoryText(view([], [['nfs3', { kind: 'aborted', stages: [] }]]), false, words), '')
})

t.test('nothing that a server names does anything to a terminal', async (t) => {
  const rows = [row({ name: '\u001b[31mred\u202e', properties: { type: 'disk', comment: '\r\n' } })]
  // oxlint-disable-next-line no-control-regex -- they are what must not be there
  t.notMatch(inventoryText(view(rows), false, words), /[\u001b\r\u202e]/)
})

t.test('what could not be found out is said, with the reason', async (t) => {
  const partly: Asked = { ...answered, answer: { ...answered.answer, isComplete: false } }
  const troubles = inventoryTroubles(
    view(
      [],
      [
        ['smb', { kind: 'failed', stages: [], reason: 'no \u001b answer' }],
        ['nfs3', { kind: 'not-served', stages: [], reason: 'ECONNREFUSED' }],
        ['nfs4', partly],
      ],
    ),
    words,
  )
  t.match(troubles, [/SMB: not known: no \\u001b answer/, /not served/, /may be more/])
  const own: Asked = { kind: 'own-trouble', stages: [], reason: 'EMFILE' }
  t.match(inventoryTroubles(view([], [['smb', own]]), words), [/EMFILE/])
  t.strictSame(inventoryTroubles(view([], [['smb', { kind: 'aborted', stages: [] }]]), words), [])
})

t.test('for programs all of it', async (t) => {
  const asked: [Protocol, Asked][] = [
    ['smb', answered],
    ['nfs3', { kind: 'failed', stages: [], reason: 'x' }],
    ['nfs4', { kind: 'aborted', stages: [] }],
  ]
  const rows = [row({}), row({ name: 'IPC$', isSpecial: true })]
  t.strictSame(inventoryJson(view(rows, asked), false), {
    server: 'nas',
    address: 'nas',
    protocols: {
      smb: { status: 'answered', complete: true, count: 0, askedAs: 'anonymous', ms: 4 },
      nfs3: { status: 'failed', reason: 'x', ms: 0 },
      nfs4: { status: 'aborted' },
    },
    items: [
      {
        kind: 'smb',
        name: 'pub',
        protocols: ['smb'],
        type: 'disk',
        comment: '',
        special: false,
        watchedBy: [],
      },
    ],
  })
  t.match(inventoryJson(view(rows), true), { items: [{}, { special: true }] })
})
