import t from 'tap'
import { Refusal } from '../../src/serve/refusal.ts'

t.test('a refusal has its status, its code and what goes with them', async (t) => {
  const refusal = new Refusal(429, 'too-many-requests', 'slower', { 'Retry-After': '1' })
  t.match(refusal, { status: 429, code: 'too-many-requests', message: 'slower', name: 'Refusal' })
  t.strictSame(new Refusal(404, 'not-found', 'x').headers, {})
})
