import t from 'tap'
import { Rest } from '../../../../src/cli/fsmon/guard/rest.ts'

t.test('a wait is over after its time, or at the end of all', async (t) => {
  const rest = new Rest()
  await rest.wait(1)
  t.equal(rest.isOver, false)
  const long = rest.wait(3_600_000)
  rest.end()
  await long
  t.equal(rest.isOver, true)
  await rest.wait(3_600_000)
})
