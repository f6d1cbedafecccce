import t from 'tap'
import { inventoryId } from '../../../../src/cli/fsmon/inventory/inventory-id.ts'
import { isIdentifier } from '../../../../src/registry/identifier.ts'

t.test('an ID says which server, and no two servers share one', async (t) => {
  t.equal(inventoryId('10.0.0.1'), 'inventory10x0x0x1')
  const servers = [
    '10.0.0.1',
    '10.0.0.1 (smb 1445)',
    'nas.example',
    'nasexample',
    'fd00::1',
    'x'.repeat(300),
  ]
  const ids = servers.map(inventoryId)
  t.equal(new Set(ids).size, servers.length)
  for (const id of ids) t.ok(isIdentifier(id), id)
  t.not(inventoryId('1.11.1.1'), inventoryId('11.1.1.1'))
})
