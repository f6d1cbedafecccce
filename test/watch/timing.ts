import t from 'tap'
import { attempts, worstCaseDetectionMs } from '../../src/watch/timing.ts'

t.test(
  'the worst case is every check up to its deadline, the retries between, and one interval',
  (t) => {
    const timing = { intervalMs: 30_000, retryIntervalMs: 30_000, deadlineMs: 60_000, retries: 5 }
    t.equal(attempts(timing), 6)
    t.equal(worstCaseDetectionMs(timing), 30_000 + 6 * 60_000 + 5 * 30_000)
    t.equal(
      worstCaseDetectionMs({
        intervalMs: 1000,
        retryIntervalMs: 500,
        deadlineMs: 1000,
        retries: 2,
      }),
      1000 + 3000 + 1000,
    )
    t.end()
  },
)

t.test('where failures may weigh less, as many more checks may be needed', (t) => {
  const timing = { intervalMs: 1000, retryIntervalMs: 500, deadlineMs: 1000, retries: 2 }
  t.equal(worstCaseDetectionMs({ ...timing, leastWeight: 0.5 }), 1000 + 6 * 1000 + 5 * 500)
  t.equal(worstCaseDetectionMs({ ...timing, leastWeight: 0.4 }), 1000 + 8 * 1000 + 7 * 500)
  t.equal(worstCaseDetectionMs({ ...timing, leastWeight: 1 }), worstCaseDetectionMs(timing))
  t.end()
})

t.test('what may be spent on a repair is part of the worst case', (t) => {
  const timing = { intervalMs: 1000, retryIntervalMs: 500, deadlineMs: 1000, retries: 2 }
  const repairMs = 7000
  t.equal(worstCaseDetectionMs({ ...timing, repairMs }), worstCaseDetectionMs(timing) + repairMs)
  t.end()
})
