import t from 'tap'
import { layoutUnder } from '../../src/registry/layout.ts'

t.test('the directories lie where they belong, or below the root of a trial', (t) => {
  t.same(layoutUnder('/'), {
    run: '/run/clp-fsmon',
    lib: '/var/lib/clp-fsmon',
    log: '/var/log/clp-fsmon',
    etc: '/etc/clp-fsmon',
  })
  t.equal(layoutUnder('/tmp/x').run, '/tmp/x/run/clp-fsmon')
  t.end()
})
