import t from 'tap'
import { isRepairStatus } from '../../src/registry/repair-status.ts'

t.test('what a record says of repairs is taken only in its own form', (t) => {
  const all = {
    mended: 1,
    notMended: 0,
    now: { step: 'restart', cause: 'any', begunAt: 'then' },
    last: { at: 'then', text: 'restart for any: mended' },
  }
  t.ok(isRepairStatus(all))
  t.ok(isRepairStatus({ mended: 0, notMended: 0 }))
  for (const wrong of [
    undefined,
    null,
    [],
    {},
    { ...all, mended: -1 },
    { ...all, notMended: 1.5 },
    { ...all, now: {} },
    { ...all, now: 'restart' },
    { ...all, last: { at: 'then' } },
    { ...all, last: { at: 'then', text: 'x'.repeat(2001) } },
  ]) {
    t.notOk(isRepairStatus(wrong), JSON.stringify(wrong))
  }
  t.end()
})
