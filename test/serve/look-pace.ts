import t from 'tap'
import { pauseAfter } from '../../src/serve/look-pace.ts'

t.test('a look that takes long is made less often, but never rarely', async (t) => {
  for (const [tookMs, everyMs, pauseMs] of [
    [1, 500, 500],
    [100, 500, 1000],
    [3000, 2000, 5000],
    [60_000, 2000, 5000],
    [1, 9000, 9000],
  ] as const) {
    t.equal(pauseAfter(tookMs, everyMs), pauseMs, `${tookMs} ms`)
  }
})
