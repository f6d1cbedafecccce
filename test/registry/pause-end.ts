import t from 'tap'
import { isPauseEnd } from '../../src/registry/pause-end.ts'

const end = { until: '2026-01-01T00:00:00.000Z', untilUptimeMs: 1, extensionsLeft: 0 }

t.test('the end of a pause is known, and nothing else taken for one', async (t) => {
  t.ok(isPauseEnd(end))
  const bad = [
    undefined,
    null,
    'x',
    {},
    { ...end, until: 1 },
    { ...end, until: 'x'.repeat(101) },
    { ...end, untilUptimeMs: '1' },
    { ...end, extensionsLeft: null },
  ]
  for (const each of bad) t.notOk(isPauseEnd(each), JSON.stringify(each)?.slice(0, 40))
})
