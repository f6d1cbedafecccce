import t from 'tap'
import { AbandonedError, Deadline, TimeoutError } from '../../src/watch/deadline.ts'
import { FakeClock } from '../helpers/fake-clock.ts'

t.test('the signal aborts at the deadline, not before, with a TimeoutError', async (t) => {
  const clock = new FakeClock()
  const deadline = new Deadline(clock, 1000)
  await clock.advance(999)
  t.equal(deadline.signal.aborted, false)
  await clock.advance(1)
  t.ok(deadline.signal.reason instanceof TimeoutError)
  t.equal(deadline.signal.reason.name, 'TimeoutError')
  t.match(deadline.signal.reason.message, '1000 ms')
})

t.test('a check that is abandoned has another reason, also after its deadline', async (t) => {
  const clock = new FakeClock()
  const deadline = new Deadline(clock, 1000)
  deadline.abandon('paused')
  t.ok(deadline.signal.reason instanceof AbandonedError)
  t.match(deadline.signal.reason.message, 'paused')
  await clock.advance(5000)
  t.equal(deadline.signal.reason.name, 'AbandonedError')
  t.equal(clock.waiting, 0)
})

t.test('a deadline that was cleared never comes', async (t) => {
  const clock = new FakeClock()
  const deadline = new Deadline(clock, 1000)
  deadline.clear()
  await clock.advance(5000)
  t.equal(deadline.signal.aborted, false)
})
