import t from 'tap'
import { mayBeRefused } from '../../src/diagnosis/may-be-refused.ts'
import { samba } from '../helpers/diagnosis.ts'

t.test('only a server that answers can refuse', async (t) => {
  t.equal(mayBeRefused(samba), true, 'nobody knows how it failed')
  t.equal(mayBeRefused({ ...samba, failure: 'refused' }), true)
  for (const failure of ['timeout', 'connect', 'broken', 'malformed', 'grace']) {
    t.equal(mayBeRefused({ ...samba, failure }), false, failure)
  }
})
