import t from 'tap'
import { RateLimit } from '../../src/serve/rate-limit.ts'

t.test('an address has its burst and then its rate, each for itself', async (t) => {
  const limit = new RateLimit({ burst: 2, perSecond: 1, addresses: 10 })
  t.strictSame(
    [1, 2, 3].map(() => limit.take('a', 0)),
    [true, true, false],
  )
  t.ok(limit.take('b', 0))
  t.notOk(limit.take('a', 900))
  t.ok(limit.take('a', 1100))
  t.notOk(limit.take('a', 1200))
  t.ok(limit.take('a', 60_000))
  t.ok(limit.take('a', 60_000), 'never more than the burst')
  t.notOk(limit.take('a', 60_000))
  t.notOk(limit.take('a', 0), 'a clock that goes back gives nothing')
})

t.test('only so many addresses are counted', async (t) => {
  const limit = new RateLimit({ burst: 1, perSecond: 0, addresses: 3 })
  for (const address of ['a', 'b', 'c']) limit.take(address, 0)
  t.notOk(limit.take('a', 0), 'one that comes again is not the oldest')
  limit.take('d', 0)
  t.equal(limit.size, 3)
  t.notOk(limit.take('a', 0))
  t.ok(limit.take('b', 0), 'the one forgotten')
})
