import t from 'tap'
import { StoreError } from '../../src/license/store-error.ts'

t.test('a store error names what it could not change, and keeps the cause', async (t) => {
  const cause = new Error('why')
  t.match(new StoreError('write', '/a/b', cause), {
    name: 'StoreError',
    kind: 'write',
    path: '/a/b',
    message: '/a/b: write',
    cause,
  })
})
