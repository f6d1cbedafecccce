import t from 'tap'
import { MalformedError } from '../../src/wire/malformed-error.ts'

t.test('a malformed answer is told by its constant code', async (t) => {
  const error = new MalformedError('too short')
  t.type(error, Error)
  t.match(error, { name: 'MalformedError', code: 'MALFORMED', message: 'too short' })
})
