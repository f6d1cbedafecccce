import t from 'tap'
import { fingerprint, summaryOf } from '../../src/serve/watch-summary.ts'
import { fullTally } from '../helpers/sample-tally.ts'
import { fakeWatch } from '../helpers/serve/fake-source.ts'

t.test('the list leaves out what has been counted, but for the last success', async (t) => {
  const tally = { ...fullTally(), lastSuccessAt: '2026-01-01T00:00:00.000Z' }
  const summary = summaryOf(fakeWatch('w1', { tally }))
  t.notOk('tally' in summary)
  t.match(summary, { id: 'w1', lastSuccessAt: tally.lastSuccessAt, state: 'watching' })
  t.notOk('lastSuccessAt' in summaryOf(fakeWatch('w1')))
})

t.test('whatever a reader would see changes the fingerprint', async (t) => {
  const before = fingerprint(fakeWatch('w1'))
  t.equal(fingerprint(fakeWatch('w1')), before)
  for (const change of [
    { state: 'failing' as const },
    { failures: 1 },
    { nextCheck: 'x' },
    { lateMs: 20_000 },
    { pausedSince: 'x' },
    { pid: 1 },
    { problem: 'x' },
    { server: 'x' },
    { ended: { at: 'x', how: 'stopped', exitStatus: 0 } },
    { lastCheck: { at: 'x', verdict: 'ok' as const, ms: 1, stages: [] } },
  ]) {
    t.not(fingerprint(fakeWatch('w1', change)), before, JSON.stringify(change))
  }
})
