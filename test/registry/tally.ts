import t from 'tap'
import { bucketEdgesS, isTally, mostRecent, verdicts } from '../../src/registry/tally.ts'
import { fullTally } from '../helpers/sample-tally.ts'

t.test('the edges rise', (t) => {
  t.same(
    bucketEdgesS,
    bucketEdgesS.toSorted((a, b) => a - b),
  )
  t.equal(new Set(bucketEdgesS).size, bucketEdgesS.length)
  t.end()
})

t.test('a tally is told from what is none', (t) => {
  const tally = fullTally()
  const { lastSuccessAt: _, ...least } = tally
  t.ok(isTally(tally))
  t.ok(isTally(least))
  t.ok(isTally({ ...least, recent: [], stages: [] }))
  const [stage] = tally.stages
  const wrong = [
    undefined,
    null,
    [],
    'text',
    { ...tally, checks: undefined },
    { ...tally, checks: { ...tally.checks, discarded: -1 } },
    { ...tally, checks: { ...tally.checks, ok: '1' } },
    { ...tally, recent: {} },
    { ...tally, recent: Array.from({ length: mostRecent + 1 }, () => [1, 1, 0]) },
    { ...tally, recent: [1] },
    { ...tally, recent: [[1, 1]] },
    { ...tally, recent: [[1, 'x', 0]] },
    { ...tally, recent: [[1, 1, verdicts.length]] },
    { ...tally, recent: [[1, 1, 0.5]] },
    { ...tally, stages: {} },
    { ...tally, stages: [null] },
    { ...tally, stages: [{ ...stage, name: 1 }] },
    { ...tally, stages: [{ ...stage, counts: [1] }] },
    { ...tally, stages: [{ ...stage, counts: 'x' }] },
    { ...tally, stages: [{ ...stage, counts: bucketEdgesS.map(() => 'x') }] },
    { ...tally, stages: [{ ...stage, sumMs: null }] },
    { ...tally, stages: [{ ...stage, count: true }] },
    { ...tally, lastSuccessAt: 1 },
    { ...tally, pausedMs: Number.NaN },
  ]
  for (const [i, value] of wrong.entries()) t.notOk(isTally(value), String(i))
  t.end()
})
