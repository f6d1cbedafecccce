import t from 'tap'
import { systemClock } from '../../src/watch/clock.ts'

t.test('the clock of this machine goes forward and calls back', async (t) => {
  const before = systemClock.now()
  const uptime = systemClock.uptime()
  await new Promise<void>((resolve) => {
    systemClock.setTimer(20, resolve)
  })
  t.ok(systemClock.now() - before >= 18)
  t.ok(systemClock.uptime() - uptime >= 0)
  t.ok(Math.abs(systemClock.date().getTime() - Date.now()) < 60_000)
})

t.test('a timer that was cleared does not call back', async (t) => {
  let called = false
  const clear = systemClock.setTimer(1, () => {
    called = true
  })
  clear()
  await new Promise<void>((resolve) => {
    systemClock.setTimer(10, resolve)
  })
  t.equal(called, false)
})
