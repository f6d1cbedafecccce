import t from 'tap'
import { inTime, TooLateError } from '../../src/repair/in-time.ts'
import { FakeClock } from '../helpers/fake-clock.ts'

t.test('work that ends in time is as without it, and leaves no timer', async (t) => {
  const clock = new FakeClock()
  t.equal(await inTime(clock, 1000, 'work', Promise.resolve(7)), 7)
  await t.rejects(inTime(clock, 1000, 'work', Promise.reject(new Error('its own'))), /its own/)
  t.equal(clock.waiting, 0)
})

t.test('work that takes too long is named', async (t) => {
  const clock = new FakeClock()
  const late = t.rejects(
    inTime(clock, 1000, 'the disk', new Promise(() => undefined)),
    new TooLateError('the disk took longer than 1000 ms'),
  )
  await clock.advance(1000)
  await late
})
