import t from 'tap'
import type { ConfigProblem } from '../../src/config/config-error.ts'
import { Spot } from '../../src/config/spot.ts'

t.test('a place tells its key as it would be written, and its line', async (t) => {
  const problems: ConfigProblem[] = []
  const spot = new Spot('/f', [], (path) => path.length + 10, problems)
  t.equal(spot.key, '')
  const inner = spot.at('sink').at('webhook').at(1).at('odd key')
  t.equal(inner.key, 'sink.webhook[2]."odd key"')
  t.equal(inner.line, 14)
  inner.report('missing')
  inner.report('unknown-key', { allowed: 'a' }, 'a')
  t.equal(spot.problemCount, 2, 'all places of a file share what is wrong')
  const where = { file: '/f', line: 14, key: inner.key }
  t.strictSame(problems, [
    { ...where, trouble: 'missing', values: {} },
    { ...where, trouble: 'unknown-key', values: { allowed: 'a' }, near: 'a' },
  ])
})
