import t from 'tap'
import { pauseFor } from '../../src/repair/pause-for.ts'
import { FakeClock, settle } from '../helpers/fake-clock.ts'

t.test('a pause ends in its time, or when it is broken off', async (t) => {
  const clock = new FakeClock()
  const over = new AbortController()
  let ended = 0
  const wait = async () => {
    await pauseFor(clock, 1000, over.signal)
    ended += 1
  }
  void wait()
  await clock.advance(999)
  t.equal(ended, 0)
  await clock.advance(1)
  t.equal(ended, 1)
  void wait()
  await settle()
  over.abort()
  await settle()
  t.equal(ended, 2)
  t.equal(clock.waiting, 0)
  await wait()
  t.equal(ended, 3, 'at once, where it was broken off before')
})
