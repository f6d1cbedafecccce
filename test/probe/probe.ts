import t from 'tap'
import { depths } from '../../src/probe/probe.ts'

t.test('the depths go from the shallowest to the deepest', async (t) => {
  t.strictSame(depths, ['service', 'share', 'read', 'write'])
})
