import t from 'tap'
import { TrendSeries } from '../../src/watch/trend-series.ts'
import { replay } from '../helpers/trend/replay.ts'
import { measured, row } from '../helpers/trend/table.ts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

t.test('a fall is told before its end, with the time that is left', async (t) => {
  const trend = new TrendSeries({ samples: 20, aheadMs: 60_000 })
  const news = Array.from({ length: 60 }, (_, index) => trend.add(index * 10_000, 59 - index))
  const at = news.findIndex((one) => one !== undefined)
  t.match(news[at], { say: 103 })
  const left = (59 - at) * 10_000
  t.ok(Math.abs((news[at]?.inMs ?? 0) - left) < 1000, 'the time is right')
  t.ok(left >= 40_000, 'and it is told in time')
  t.equal(news.filter((one) => one !== undefined).length, 1)
})

t.test('an interruption forgets the samples, not what was told', async (t) => {
  const trend = new TrendSeries({ samples: 20, aheadMs: 60_000 })
  trend.add(0, -1)
  t.match(trend.add(1, -1), { say: 103, inMs: 0 })
  trend.interrupt()
  const after = Array.from({ length: 13 }, (_, index) => trend.add(1e6 + index * 30_000, 100))
  t.strictSame(
    after.map((one) => one?.say),
    [...Array.from({ length: 11 }, () => undefined), 104, undefined],
  )
})

t.test('what is measured is what the pages say', async (t) => {
  for (const page of ['docs/care.md', 'docs/ja/care.md']) {
    const lines = new Set(
      readFileSync(join(import.meta.dirname, '../..', page), 'utf8').split('\n'),
    )
    for (const each of measured().map(row)) t.ok(lines.has(each), `${page}: ${each}`)
  }
})

t.test('the figures hold: what is calm is left alone, what falls is told in time', async (t) => {
  for (const { name, everyMs, aheadMs, falseAlarms, warningMs = -Infinity } of measured()) {
    const what = `${name}, every ${everyMs / 1000} s, ${aheadMs / 1000} s ahead`
    // The first teeth may deceive; from then on it is known that they turn.
    t.ok(falseAlarms <= (name.endsWith('saw-teeth') ? 3 : 0), `${what}: ${falseAlarms} false`)
    // Too short for its samples, or too little among its noise: told when it is there, and no sooner.
    const isTooQuick = name === 'ramp of 2 minutes' && everyMs === 30_000
    const isTooNoisy = name === 'noisy ramp of 1 hour' && everyMs === 5000
    if (!name.includes('ramp') || isTooQuick || isTooNoisy) continue
    t.ok(warningMs >= 30_000, `${what}: ${warningMs} ms before`)
    const isLong = /hour|20 minutes/.test(name)
    if (isLong && aheadMs === 600_000) t.ok(warningMs >= 500_000, `${what}: ${warningMs} ms before`)
  }
})

t.test('a longer look ahead tells sooner', async (t) => {
  const margins = Array.from({ length: 200 }, (_, index) => 100 - index)
  const ramp = { name: 'x', everyMs: 30_000, margins, isDanger: true }
  const [near, far] = [replay(ramp), replay(ramp, 20, 600_000)]
  t.ok((far.warningMs ?? 0) > (near.warningMs ?? 0) + 500_000)
})
