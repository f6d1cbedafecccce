import t from 'tap'
import { LookupError } from '../../src/wire/lookup-error.ts'

t.test('a failed look-up names the host and keeps the code and the cause', async (t) => {
  const cause = new Error('no')
  t.match(new LookupError('fs1', 'ESERVFAIL', cause), {
    name: 'LookupError',
    code: 'ESERVFAIL',
    message: 'look-up of fs1: ESERVFAIL',
    cause,
  })
  t.notOk('cause' in new LookupError('fs1', 'ENOTFOUND'))
})
