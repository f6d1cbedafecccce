import t from 'tap'
import type { MonitorRecord } from '../../src/registry/record.ts'
import type { RecentCheck, VerdictCode } from '../../src/registry/tally.ts'
import { marginMs, overdueMs, patienceMs, starvedMs } from '../../src/view/overdue.ts'
import { sampleRecord } from '../helpers/sample-record.ts'

const written = 1_000_000

/** A record whose next check begins 30 s after it was written, and may take 5 s. */
const record = (more: Partial<MonitorRecord> = {}) =>
  sampleRecord({ uptimeMs: written, options: { waitS: 5 }, ...more })

const due = written + 30_000

t.test('a check is overdue only when it should long have been over', (t) => {
  t.equal(patienceMs(record()), 5000 + marginMs)
  t.equal(patienceMs(record({ options: { wait: 7 } })), 7000 + marginMs, 'as inventories say it')
  t.equal(overdueMs(record(), written), 0)
  t.equal(overdueMs(record(), due + 15_000), 0)
  t.equal(overdueMs(record(), due + 15_001), 15_001)
  t.equal(overdueMs(record({ state: 'failing' }), due + 20_000), 20_000)
  t.end()
})

t.test('where none is planned nothing is overdue', (t) => {
  for (const state of ['paused', 'repairing', 'ending', 'abnormal'] as const) {
    t.equal(overdueMs(record({ state }), due * 10), 0, state)
  }
  const { nextCheck: _, ...underWay } = record()
  t.equal(overdueMs(underWay, due * 10), 0, 'a check under way is judged by the worst case')
  const { lastCheck: __, ...first } = record()
  t.equal(overdueMs(first, due * 10), 0)
  const { uptimeMs: ___, ...older } = record()
  t.equal(overdueMs(older, due * 10), 0)
  t.equal(overdueMs(record({ nextCheck: 'nonsense' }), due * 10), 0)
  t.equal(overdueMs(record({ nextCheck: '2020-01-01T00:00:00.000Z' }), due * 10), 0)
  t.end()
})

t.test(
  'without a wait, or one that makes no sense, the worst case is what a check may take',
  (t) => {
    const worst = { worstCaseMs: 60_000 }
    t.equal(patienceMs(record({ options: {}, ...worst })), 60_000 + marginMs)
    t.equal(patienceMs(record({ options: { waitS: 1e9 }, ...worst })), 60_000 + marginMs)
    const far = record({ nextCheck: '2030-01-01T00:00:00.000Z', ...worst })
    t.equal(overdueMs(far, written + 60_000 + 15_001), 15_001)
    t.end()
  },
)

t.test('three checks in a row in which the monitor stood still are no accident', (t) => {
  const { tally } = record()
  if (tally === undefined) throw new Error('nothing counted')
  const starved = (verdicts: readonly VerdictCode[], more: Partial<MonitorRecord> = {}) => {
    const recent = verdicts.map((verdict, at): RecentCheck => [at, 4000, verdict])
    return starvedMs(record({ tally: { ...tally, recent }, ...more }))
  }
  t.equal(starved([3, 3, 3]), 12_000)
  t.equal(starved([0, 1, 3, 3, 3, 3]), 16_000)
  t.equal(starved([3, 3, 3, 0]), 0, 'it has come to a verdict')
  t.equal(starved([3, 0, 3, 3]), 0)
  t.equal(starved([]), 0)
  for (const state of ['paused', 'repairing', 'ending', 'abnormal'] as const) {
    t.equal(starved([3, 3, 3], { state }), 0, state)
  }
  const { tally: _, ...older } = record()
  t.equal(starvedMs(older), 0)
  t.end()
})
