import t from 'tap'
import { atMost } from '../../src/watch/at-most.ts'
import { FakeClock, settle } from '../helpers/fake-clock.ts'

t.test('the wait ends with the promise, whatever becomes of it, and leaves no timer', async (t) => {
  const clock = new FakeClock()
  await atMost(clock, 1000, Promise.resolve())
  await atMost(clock, 1000, Promise.reject(new Error('no')))
  t.equal(clock.waiting, 0)
})

t.test('the wait ends when the time is up', async (t) => {
  const clock = new FakeClock()
  let over = false
  const waiting = (async () => {
    await atMost(clock, 1000, new Promise(() => undefined))
    over = true
  })()
  await clock.advance(999)
  t.equal(over, false)
  await clock.advance(1)
  await settle()
  t.equal(over, true)
  await waiting
})
