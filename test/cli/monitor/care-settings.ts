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

t.test('nothing is foreseen unless it is asked for', async (t) => {
  t.strictSame(careOf({}).trend, {
    samples: 20,
    aheadS: 60,
    response: false,
    space: undefined,
    memory: undefined,
    pressurePercent: undefined,
  })
})

t.test('an amount is bytes, powers of 1024, or a share', async (t) => {
  const space = (spaceLimit: string) => careOf({ spaceLimit }).trend.space
  t.strictSame(['500', '1.5K', '2M', '3G', '1T', '2.5%'].map(space), [
    { bytes: 500 },
    { bytes: 1536 },
    { bytes: 2 * 1024 ** 2 },
    { bytes: 3 * 1024 ** 3 },
    { bytes: 1024 ** 4 },
    { percent: 2.5 },
  ])
})
