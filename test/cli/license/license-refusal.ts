import t from 'tap'
import { LicenseRefusal, refusalStatus } from '../../../src/cli/license/license-refusal.ts'

t.test('every refusal has an exit status of its own, and none is that of success', async (t) => {
  const statuses = Object.values(refusalStatus)
  t.strictSame(
    statuses.toSorted((a, b) => a - b),
    [1, 2, 3, 4, 5],
  )
  const cause = new Error('why')
  t.match(new LicenseRefusal('notRoot', 'text', cause), { status: 4, message: 'text', cause })
})
