import t from 'tap'
import { backOffMs, retryAfterMs } from '../../src/alert/back-off.ts'

t.test('each failure doubles the wait, up to five minutes', async (t) => {
  const longest = [0, 1, 2, 3, 8, 9, 10, 100, 5000].map((failures) => backOffMs(failures, () => 1))
  t.strictSame(longest, [1000, 1000, 2000, 4000, 128000, 256000, 300000, 300000, 300000])
})

t.test('no two wait equally long, and none less than half', async (t) => {
  t.equal(
    backOffMs(3, () => 0),
    2000,
  )
  const waits = new Set(Array.from({ length: 50 }, () => backOffMs(9)))
  t.ok(waits.size > 10)
  t.ok([...waits].every((ms) => ms >= 128_000 && ms <= 256_000))
})

const now = new Date('2026-01-02T03:04:05Z')
const wishes: [header: string | undefined, ms: number | undefined][] = [
  [undefined, undefined],
  ['0', 0],
  ['7', 7000],
  [' 7 ', 7000],
  ['999999', 3_600_000],
  ['Fri, 02 Jan 2026 03:05:05 GMT', 60_000],
  ['Fri, 02 Jan 2026 03:00:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
]
for (const [header, ms] of wishes) {
  t.test(`Retry-After: ${header} is ${ms} ms`, async (t) => {
    t.equal(retryAfterMs(header, now), ms)
  })
}
