import t from 'tap'
import { careOf } from '../../../src/cli/monitor/care-settings.ts'

t.test('unless told otherwise a delay is warned of at 80 percent of the wait', async (t) => {
  t.match(careOf({}), { warnAtPercent: 80 })
  t.match(careOf({ warnAt: 0 }), { warnAtPercent: 0 })
  t.match(careOf({ warnAt: 35 }), { warnAtPercent: 35 })
})
