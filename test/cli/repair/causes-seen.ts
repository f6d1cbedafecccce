import t from 'tap'
import { causesSeen } from '../../../src/cli/repair/causes-seen.ts'

t.test('the causes of a diagnosis are seen in their order, and nothing of others', async (t) => {
  const cause = (key: string) => ({ key, text: `it is ${key}`, values: {} })
  const diagnosis = { at: '2026-11-21T00:00:00.000Z', causes: [cause('b'), cause('a')] }
  t.same(causesSeen([{}, { status: () => ({}) }, { status: () => ({ diagnosis }) }]), ['b', 'a'])
  t.same(causesSeen([]), [])
})
