import t from 'tap'
import { RegistryError } from '../../src/registry/registry-error.ts'

t.test('a refusal has a code, and a cause where there is one', (t) => {
  const cause = new Error('EEXIST')
  t.match(new RegistryError('locked', 'x is held', cause), {
    code: 'locked',
    cause,
    message: 'x is held',
  })
  t.notOk('cause' in new RegistryError('usurped', 'x'))
  t.end()
})
