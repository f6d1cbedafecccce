import t from 'tap'
import { drillKinds, isDrillKind, isDrillStatus } from '../../src/registry/drill-status.ts'

const status = { kind: 'fault', since: '2026-01-01T00:00:00Z', until: '2026-01-01T00:01:00Z' }

t.test('the kinds of drills are known, and nothing else is one', async (t) => {
  for (const kind of drillKinds) t.ok(isDrillKind(kind))
  for (const other of ['end', '', 1, undefined]) t.notOk(isDrillKind(other))
})

t.test('a status is known by its three parts', async (t) => {
  t.ok(isDrillStatus(status))
  for (const other of [
    undefined,
    null,
    'fault',
    {},
    { ...status, kind: 'other' },
    { ...status, since: 1 },
    { ...status, until: undefined },
  ]) {
    t.notOk(isDrillStatus(other), JSON.stringify(other))
  }
})
