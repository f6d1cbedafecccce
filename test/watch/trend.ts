import t from 'tap'
import {
  fewestSamples,
  fitLine,
  judgeTrend,
  mannKendall,
  type Sample,
} from '../../src/watch/trend.ts'

const series = (margins: readonly number[], everyMs = 30_000): Sample[] =>
  margins.map((margin, index) => ({ atMs: 1_000_000 + index * everyMs, margin }))

const ramp = (count: number, from: number, step: number) =>
  series(Array.from({ length: count }, (_, index) => from - index * step))

t.test('a line goes through points that lie on one', async (t) => {
  const { now, slope, slopeError, deviation } = fitLine(ramp(20, 100, 3))
  t.ok(Math.abs(now - 43) < 1e-9)
  t.ok(Math.abs(slope * 30_000 + 3) < 1e-9)
  t.ok(slopeError < 1e-9 && deviation < 1e-9)
})

t.test('a line is the least squares, as worked out by hand', async (t) => {
  const line = fitLine(
    [
      [0, 1],
      [1, 3],
      [2, 2],
      [3, 5],
      [4, 4],
    ].map(([atMs = 0, margin = 0]) => ({ atMs, margin })),
  )
  t.ok(Math.abs(line.slope - 0.8) < 1e-9)
  t.ok(Math.abs(line.now - 4.6) < 1e-9)
  t.ok(Math.abs(line.deviation - Math.sqrt(3.6 / 3)) < 1e-9)
  t.ok(Math.abs(line.slopeError - Math.sqrt(1.2 / 10)) < 1e-9)
})

t.test('points at one and the same time have no slope', async (t) => {
  t.match(fitLine(series([1, 2, 3], 0)), { slope: 0, slopeError: Infinity })
})

t.test('the rank test counts ups and downs, ties apart', async (t) => {
  const near = (found: number, expected: number) => t.ok(Math.abs(found - expected) < 0.005)
  // Ten that fall: S is -45, its variance 125.
  near(mannKendall(ramp(10, 100, 1)), -44 / Math.sqrt(125))
  near(mannKendall(series([1, 2, 3, 4])), 5 / Math.sqrt(156 / 18))
  near(mannKendall(series([1, 1, 2])), 1 / Math.sqrt((66 - 18) / 18))
  t.equal(mannKendall(series([5, 5, 5, 5])), 0)
  t.equal(mannKendall(series([])), 0)
})

t.test('a straight fall is a danger as soon as the limit is so near', async (t) => {
  t.match(judgeTrend(ramp(20, 100, 2), 60_000), { kind: 'calm' }, '62 are left, 4 of them foreseen')
  const near = judgeTrend(ramp(20, 41, 2), 60_000)
  t.equal(near.kind, 'danger')
  t.ok(near.kind === 'danger' && Math.abs(near.inMs - 45_000) < 1)
  t.match(judgeTrend(ramp(20, 45, 2), 60_000), { kind: 'unclear' }, 'it comes near')
})

t.test('a limit that is reached is one, whatever led there; once is not enough', async (t) => {
  t.match(judgeTrend(series([50, -1, 0]), 60_000), { kind: 'danger', inMs: 0 })
  t.match(judgeTrend(series([50, 50, -1]), 60_000), { kind: 'unknown' })
  t.match(judgeTrend(series([...ramp(19, 50, 0).map(({ margin }) => margin), -1]), 60_000), {
    kind: 'unclear',
  })
})

t.test('few samples, or of a time that is too short, say nothing', async (t) => {
  t.match(judgeTrend([], 60_000), { kind: 'unknown' })
  t.match(judgeTrend(ramp(fewestSamples - 1, 10, 1), 60_000), { kind: 'unknown' })
  const short = series(
    Array.from({ length: 20 }, (_, index) => 20 - index),
    700,
  )
  t.not(judgeTrend(short, 60_000).kind, 'danger', 'a minute is not foreseen from 13 seconds')
})

t.test('what only looks like a fall is none', async (t) => {
  const flat = (count: number, margin: number) => Array.from({ length: count }, () => margin)
  const falling = (count: number, from: number, step: number) =>
    ramp(count, from, step).map(({ margin }) => margin)
  for (const [name, margins] of [
    ['a step in the middle', [...flat(10, 50), ...flat(10, 3)]],
    ['a step near the end', [...flat(17, 50), ...flat(3, 3)]],
    ['a step near the beginning', [...flat(3, 50), ...flat(17, 3)]],
    ['a plateau after a fall', [...falling(13, 57.5, 3.5), ...flat(7, 12)]],
    ['the last sample alone', [...flat(19, 50), 1]],
    ['one that has turned', [...falling(12, 40, 3), ...falling(8, 8, -3)]],
  ] as const) {
    t.not(judgeTrend(series(margins), 60_000).kind, 'danger', name)
  }
})

t.test('a fall that has begun lately is seen in the latter half of the window', async (t) => {
  const margins = Array.from({ length: 20 }, (_, index) => (index < 10 ? 100 : 109 - index * 5.5))
  t.equal(judgeTrend(series(margins), 60_000).kind, 'danger')
})
