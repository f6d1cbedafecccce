import t from 'tap'
import { endWarning } from '../../src/license/end-warning.ts'

t.test('a monitor that runs to the end warns 30, 7 and 1 days before', async (t) => {
  const given: number[][] = []
  let last: number | undefined
  for (let left = 40; left >= -3; left--) {
    const due = endWarning(left, last)
    if (due === undefined) continue
    given.push([left, due])
    last = due
  }
  t.strictSame(given, [
    [30, 30],
    [7, 7],
    [1, 1],
  ])
})

t.test('one that was asleep, or starts later, warns once for what it missed', async (t) => {
  t.equal(endWarning(12, undefined), 30)
  t.equal(endWarning(5, undefined), 7)
  t.equal(endWarning(5, 30), 7)
  t.equal(endWarning(0, 30), 1)
  t.equal(endWarning(0, 1), undefined)
  t.equal(endWarning(31, undefined), undefined)
  t.equal(endWarning(25, 7), undefined, 'the clock was set back')
})
