import t from 'tap'
import { carriesToken } from '../../src/serve/bearer.ts'

t.test('only the token itself opens', async (t) => {
  const token = 'a-token-of-20-letters'
  t.ok(carriesToken(`Bearer ${token}`, token))
  t.ok(carriesToken(`bearer  ${token} `, token))
  for (const header of [
    undefined,
    '',
    'Bearer',
    'Bearer ',
    `Bearer ${token}x`,
    `Bearer ${token.slice(1)}`,
    `Basic ${token}`,
    token,
    `Bearer ${token} ${token}`,
  ]) {
    t.notOk(carriesToken(header, token), String(header))
  }
  t.notOk(carriesToken('Bearer ', ''), 'an empty token opens nothing')
})
