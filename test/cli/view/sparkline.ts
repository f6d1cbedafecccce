import t from 'tap'
import type { RecentCheck } from '../../../src/registry/tally.ts'
import { sparkline } from '../../../src/cli/view/sparkline.ts'

const text = (checks: readonly RecentCheck[], most = 60, isUtf8 = true) =>
  sparkline(checks, most, isUtf8)
    .map(({ character }) => character)
    .join('')

const times: RecentCheck[] = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((ms) => [ms, ms, 0])

t.test('the longer a check took, the higher it stands', (t) => {
  t.equal(text(times), '▁▂▃▄▅▆▇██')
  t.equal(text(times, 60, false), '._-=+*#@@')
  t.equal(
    text([
      [1, 0, 0],
      [2, 0, 0],
    ]),
    '▁▁',
  )
  t.end()
})

t.test('a check that was not passed is a letter, however long it took', (t) => {
  const checks: RecentCheck[] = [
    [1, 2, 0],
    [2, 60_000, 1],
    [3, 1, 2],
    [4, 9, 3],
    [5, 2, 0],
  ]
  t.equal(text(checks), '█x?~█')
  t.same(
    sparkline(checks, 60, true).map(({ isGood }) => isGood),
    [true, false, false, false, true],
  )
  t.end()
})

t.test('only the newest are shown where there is no room for all', (t) => {
  t.equal(text(times.slice(0, 3), 2), '▅█')
  t.equal(text(times, 0), '')
  t.equal(text([], 5), '')
  t.end()
})
