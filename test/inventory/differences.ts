import t from 'tap'
import { differences, keyOf, known } from '../../src/inventory/differences.ts'
import type { Item } from '../../src/inventory/item.ts'

const item = (name: string, comment = ''): Item => ({ name, properties: { type: 'disk', comment } })
const answer = (items: Item[], isComplete = true) => ({ items, isComplete, askedAs: '' })

t.test('what appeared, vanished and changed, in the order of the names', async (t) => {
  const before = [item('a'), item('b', 'x'), item('c')]
  const now = answer([item('d'), item('b', 'y'), item('a')])
  t.strictSame(differences('smb', before, now), [
    {
      kind: 'changed',
      item: item('b', 'y'),
      properties: [{ property: 'comment', before: 'x', now: 'y' }],
    },
    { kind: 'vanished', item: item('c') },
    { kind: 'appeared', item: item('d') },
  ])
  t.strictSame(differences('smb', before, answer(before.toReversed())), [])
  t.strictSame(known('smb', before, now), now.items)
})

t.test('a property that comes or goes is a change', async (t) => {
  const bare = { name: '/a', properties: {} }
  const refused = { name: '/a', properties: { access: 'NFS4ERR_ACCESS' } }
  t.match(differences('nfs4', [bare], answer([refused])), [
    { properties: [{ property: 'access', before: '', now: 'NFS4ERR_ACCESS' }] },
  ])
  t.match(differences('nfs4', [refused], answer([bare])), [{ properties: [{ now: '' }] }])
})

t.test('shares are the same in capitals, directories are not', async (t) => {
  t.strictSame(differences('smb', [item('Pub')], answer([item('pub')])), [])
  t.equal(differences('nfs3', [item('/A')], answer([item('/a')])).length, 2)
  t.equal(keyOf('smb', { name: 'ÄB' }), 'äb')
})

t.test('nothing vanishes from an answer that may lack some', async (t) => {
  const before = [item('a'), item('b')]
  const now = answer([item('b', 'new'), item('c')], false)
  t.strictSame(
    differences('nfs4', before, now).map(({ kind }) => kind),
    ['changed', 'appeared'],
  )
  t.strictSame(known('nfs4', before, now), [item('a'), item('b', 'new'), item('c')])
})
