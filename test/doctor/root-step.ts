import t from 'tap'
import { judgeRoot } from '../../src/doctor/root-step.ts'

t.test('root is well, another user is not, and a trial needs none', async (t) => {
  t.match(judgeRoot(0, undefined), [{ grade: 'ok', what: 'root' }])
  t.match(judgeRoot(1000, undefined), [
    { grade: 'failure', what: 'notRoot', values: { uid: 1000 } },
  ])
  t.match(judgeRoot(1000, '/tmp/x'), [{ grade: 'note', what: 'trial', values: { root: '/tmp/x' } }])
})
