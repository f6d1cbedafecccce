import t from 'tap'
import { careOf, pauseLimitsOf } from '../../../src/cli/monitor/care-settings.ts'

t.test('unless told otherwise a delay is warned of at 80 percent of the wait', async (t) => {
  t.match(careOf({}), { warnAtPercent: 80 })
  t.match(careOf({ warnAt: 0 }), { warnAtPercent: 0 })
  t.match(careOf({ warnAt: 35 }), { warnAtPercent: 35 })
})

t.test(
  'unless told otherwise a pause has no longest, and can be put off three times',
  async (t) => {
    t.strictSame(pauseLimitsOf(careOf({})), { extensions: 3 })
    t.strictSame(pauseLimitsOf(careOf({ longestPause: 60, pauseExtensions: 0 })), {
      extensions: 0,
      longestMs: 60_000,
    })
  },
)
