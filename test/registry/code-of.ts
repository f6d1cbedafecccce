import t from 'tap'
import { codeOf } from '../../src/registry/code-of.ts'

t.test('only an error with a code in words has one', (t) => {
  t.equal(codeOf(Object.assign(new Error('x'), { code: 'ENOENT' })), 'ENOENT')
  for (const other of [
    Object.assign(new Error('x'), { code: 2 }),
    new Error('x'),
    'ENOENT',
    null,
  ]) {
    t.equal(codeOf(other), undefined)
  }
  t.end()
})
