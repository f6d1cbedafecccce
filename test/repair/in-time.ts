import t from 'tap'
import { inTime, TooLateError, type Outstanding } from '../../src/repair/in-time.ts'
import { FakeClock, settle } from '../helpers/fake-clock.ts'

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

t.test('who is late is said without what it is called in here', async (t) => {
  t.equal(String(new TooLateError('the disk took longer')), 'the disk took longer')
})

t.test('what nobody waits for any more is outstanding until it comes back', async (t) => {
  const clock = new FakeClock()
  const outstanding: Outstanding = new Set()
  let comeBack = (): void => undefined
  const work = new Promise<void>((resolve) => {
    comeBack = resolve
  })
  const late = t.rejects(inTime(clock, 1000, 'the disk', work, outstanding))
  await clock.advance(1000)
  await late
  t.equal(outstanding.size, 1)
  comeBack()
  await settle()
  t.equal(outstanding.size, 0)
  await t.rejects(inTime(clock, 1000, 'x', Promise.reject(new Error('y')), outstanding))
  await settle()
  t.equal(outstanding.size, 0)
})
