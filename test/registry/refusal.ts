import t from 'tap'
import { isRefusal } from '../../src/registry/refusal.ts'

t.test('a refusal has a reason and its values, and may have an ID', async (t) => {
  t.ok(isRefusal({ why: 'ending', values: {} }))
  t.ok(isRefusal({ why: 'pause-too-long', values: { seconds: 5, unit: 's' }, id: 'w1' }))
  for (const wrong of [
    undefined,
    null,
    'ending',
    {},
    { why: 'ending' },
    { values: {} },
    { why: 1, values: {} },
    { why: 'ending', values: null },
    { why: 'ending', values: { at: {} } },
    { why: 'ending', values: {}, id: 1 },
  ]) {
    t.notOk(isRefusal(wrong), JSON.stringify(wrong))
  }
})
