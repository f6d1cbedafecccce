import t from 'tap'
import type { Clock } from '../../src/watch/clock.ts'
import { StallMeter } from '../../src/watch/stall-meter.ts'
import { FakeClock } from '../helpers/fake-clock.ts'

t.test('a check on a healthy host lost nothing', async (t) => {
  for (const deadlineMs of [1000, 60_000, 10_000_000]) {
    const clock = new FakeClock()
    const meter = new StallMeter(clock, deadlineMs)
    await clock.advance(Math.min(deadlineMs, 100_000))
    t.equal(meter.end(), 0)
    t.equal(clock.waiting, 0)
  }
})

t.test('a process that was stopped for longer than the deadline knows it', async (t) => {
  const clock = new FakeClock()
  const meter = new StallMeter(clock, 1000)
  await clock.advance(100)
  await clock.freeze(5000)
  const lost = meter.end()
  t.ok(lost > 4900 && lost <= 5000, String(lost))
})

t.test('a stop that is still going on at the end counts as well', async (t) => {
  const clock = new FakeClock()
  const meter = new StallMeter(clock, 1000)
  const lost = await new Promise<number>((resolve) => {
    // Comes first in the burst of timers that follows the thaw.
    clock.setTimer(1, () => {
      resolve(meter.end())
    })
    void clock.freeze(3000)
  })
  t.ok(lost > 2800, String(lost))
})

t.test('scheduling noise is no stall, however much of it there is', async (t) => {
  const clock = new FakeClock()
  const meter = new StallMeter(clock, 1000)
  for (let beat = 0; beat < 20; beat += 1) await clock.freeze(60)
  t.equal(meter.end(), 0)
})

t.test('many short gaps add up', async (t) => {
  const clock = new FakeClock()
  const meter = new StallMeter(clock, 1000)
  await clock.freeze(250)
  t.ok(clock.waiting > 0)
  await clock.freeze(250)
  t.ok(meter.end() >= 250)
})

t.test('what is little against the deadline is no stall', async (t) => {
  const clock = new FakeClock()
  const meter = new StallMeter(clock, 60_000)
  await clock.advance(10_000)
  await clock.freeze(9000)
  await clock.advance(10_000)
  t.equal(meter.end(), 0)
})

t.test('a machine that was suspended knows it by its uptime', async (t) => {
  const clock = new FakeClock()
  const meter = new StallMeter(clock, 1000)
  await clock.advance(100)
  clock.suspend(60_000)
  await clock.advance(100)
  t.ok(meter.end() >= 60_000)
})

t.test('setting the time of day changes nothing', async (t) => {
  for (const day of [-86_400_000, 86_400_000]) {
    const clock = new FakeClock()
    const meter = new StallMeter(clock, 1000)
    await clock.advance(100)
    clock.setDate(clock.date().getTime() + day)
    await clock.advance(100)
    t.equal(meter.end(), 0)
  }
})

t.test('a stall at the very first look at the clocks is seen', async (t) => {
  let now = 1000
  let isFirstLook = true
  const clock: Clock = {
    now: () => now,
    uptime: () => {
      if (isFirstLook) now += 1300
      isFirstLook = false
      return now + 4000
    },
    date: () => new Date(0),
    setTimer: () => () => undefined,
  }
  const lost = new StallMeter(clock, 1000).end()
  t.ok(lost >= 1200 && lost <= 1300, String(lost))
})
