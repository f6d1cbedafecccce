import t from 'tap'
import { CheckHistory } from '../../src/serve/check-history.ts'
import { fakeWatch } from '../helpers/serve/fake-source.ts'

const check = (second: number) => ({
  at: new Date(second * 1000).toISOString(),
  verdict: 'ok' as const,
  ms: second,
  stages: [],
})

t.test('the last sixty checks are kept, each once', async (t) => {
  const history = new CheckHistory()
  for (let second = 0; second < 70; second += 1) {
    history.note([fakeWatch('w1', { lastCheck: check(second) })])
    history.note([fakeWatch('w1', { lastCheck: check(second) })])
  }
  const kept = history.of('w1')
  t.equal(kept.length, 60)
  t.equal(kept[0]?.ms, 10)
  t.equal(kept.at(-1)?.ms, 69)
})

t.test('what is watched no more, or was never checked, has none', async (t) => {
  const history = new CheckHistory()
  const { lastCheck, ...unchecked } = fakeWatch('w2')
  t.ok(lastCheck)
  history.note([fakeWatch('w1'), unchecked])
  t.equal(history.of('w1').length, 1)
  t.strictSame(history.of('w2'), [])
  history.note([])
  t.strictSame(history.of('w1'), [])
})
