import t from 'tap'
import { LatenessMeter } from '../../src/watch/lateness-meter.ts'
import { FakeClock } from '../helpers/fake-clock.ts'

t.test('the middle, the hundredth part and the most of what was counted', (t) => {
  const meter = new LatenessMeter(new FakeClock())
  t.equal(meter.snapshot(), undefined)
  for (let n = 0; n < 98; n += 1) meter.add(n % 2)
  meter.add(40)
  meter.add(1234)
  t.strictSame(meter.snapshot(), { checks: 100, p50Ms: 1, p99Ms: 40, mostMs: 1200 })
  meter.add(1e9)
  t.match(meter.snapshot(), { checks: 101, mostMs: 60_000 })
  t.end()
})

t.test('what is long ago counts no more', async (t) => {
  const clock = new FakeClock()
  const meter = new LatenessMeter(clock)
  meter.add(500)
  await clock.advance(600_000)
  meter.add(1)
  t.match(meter.snapshot(), { checks: 2, mostMs: 500 })
  await clock.advance(600_000)
  t.match(meter.snapshot(), { checks: 1, mostMs: 1 })
  await clock.advance(1_200_000)
  t.equal(meter.snapshot(), undefined)
  meter.add(7)
  t.match(meter.snapshot(), { checks: 1, p50Ms: 7, p99Ms: 7, mostMs: 7 })
})
