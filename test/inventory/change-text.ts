import t from 'tap'
import { alertOf, changeText } from '../../src/inventory/change-text.ts'

const item = { name: 'pub', properties: {} }

t.test('names what has changed, where, and how', async (t) => {
  t.equal(changeText('smb', 'nas', { kind: 'appeared', item }), '[pub] on nas')
  const directory = { name: '/srv', properties: {} }
  const vanished = { kind: 'vanished', item: directory } as const
  t.equal(changeText('nfs3', 'nas', vanished), "'/srv' (NFS version 3) on nas")
  t.equal(changeText('nfs4', 'nas', vanished), "'/srv' (NFS version 4) on nas")
  const properties = [
    { property: 'type', before: 'disk', now: 'printer' },
    { property: 'comment', before: '', now: 'x'.repeat(300) },
  ]
  t.equal(
    changeText('smb', 'nas', { kind: 'changed', item, properties }),
    `[pub] on nas: type was "disk", is "printer"; comment was "", is "${'x'.repeat(200)}..."`,
  )
  t.strictSame(alertOf, { appeared: 120, vanished: 121, changed: 122 })
})
