import t from 'tap'
import { isLateness } from '../../src/registry/lateness.ts'

t.test('four figures are a lateness, and nothing else is', (t) => {
  const lateness = { checks: 3, p50Ms: 0, p99Ms: 2, mostMs: 2 }
  t.equal(isLateness(lateness), true)
  t.equal(isLateness({ ...lateness, more: 'of it' }), true)
  for (const wrong of [
    undefined,
    null,
    3,
    {},
    { ...lateness, p99Ms: '2' },
    { ...lateness, checks: -1 },
  ]) {
    t.equal(isLateness(wrong), false)
  }
  t.end()
})
