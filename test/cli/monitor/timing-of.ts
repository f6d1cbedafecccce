import t from 'tap'
import { timingOf } from '../../../src/cli/monitor/timing-of.ts'

t.test('the operator speaks of seconds, a watch of milliseconds', (t) => {
  const settings = { intervalS: 30, retryIntervalS: 2, waitS: 60, retries: 5, startWaitS: 9 }
  t.same(timingOf(settings), {
    intervalMs: 30_000,
    retryIntervalMs: 2000,
    deadlineMs: 60_000,
    retries: 5,
    startWaitMs: 9000,
  })
  t.end()
})

t.test(
  'what a failure counts at least is part of the timing where it is less than one',
  async (t) => {
    const settings = { intervalS: 30, retryIntervalS: 2, waitS: 60, retries: 5, startWaitS: 9 }
    t.equal(timingOf(settings, { progressWeight: 0.5 }).leastWeight, 0.5)
    t.notOk('leastWeight' in timingOf(settings, { progressWeight: 1 }))
  },
)
