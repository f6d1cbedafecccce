import t from 'tap'
import { lastCheckOf } from '../../src/watch/last-check.ts'
import { noSocket, ok, timedOut } from '../helpers/scripted-probe.ts'

const at = new Date(Date.UTC(2026, 1, 3))

t.test('a record keeps when a check ended, its verdict, stages, time and reason', (t) => {
  t.same(lastCheckOf({ outcome: timedOut, lostMs: 0, ms: 12 }, 3, at), {
    at: '2026-02-03T00:00:00.000Z',
    verdict: 'failed',
    stages: [{ name: 'connect', ms: 1 }],
    ms: 12,
    lateMs: 3,
    reason: 'no answer to NEGOTIATE',
  })
  t.equal(lastCheckOf({ outcome: noSocket, lostMs: 0, ms: 1 }, 0, at).verdict, 'cannot-judge')
  t.notOk('reason' in lastCheckOf({ outcome: ok, lostMs: 0, ms: 1 }, 0, at))
  t.equal(
    lastCheckOf({ outcome: { kind: 'aborted', stages: [] }, lostMs: 0, ms: 1 }, 0, at).verdict,
    'cannot-judge',
  )
  t.end()
})

t.test('a record keeps only the beginning of a long reason', (t) => {
  const outcome = { ...noSocket, reason: 'x'.repeat(100_000) } as typeof noSocket
  t.equal(lastCheckOf({ outcome, lostMs: 0, ms: 1 }, 0, at).reason?.length, 1000)
  t.end()
})
