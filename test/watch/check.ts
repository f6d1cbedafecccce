import t from 'tap'
import { bugOutcome, Check } from '../../src/watch/check.ts'
import { FakeClock, settle } from '../helpers/fake-clock.ts'
import { ok, ScriptedProbe, timedOut } from '../helpers/scripted-probe.ts'

t.test('a check ends with the outcome of its probe and leaves no timer', async (t) => {
  const clock = new FakeClock()
  const check = new Check(new ScriptedProbe(ok).probe, clock, 1000)
  t.same(await check.result, { outcome: ok, lostMs: 0, ms: 0 })
  t.equal(clock.waiting, 0)
})

t.test(
  'a probe that hangs is ended at the deadline, and says itself what that means',
  async (t) => {
    const clock = new FakeClock()
    const check = new Check(new ScriptedProbe('hang').probe, clock, 1000)
    await clock.advance(1000)
    t.same(await check.result, { outcome: timedOut, lostMs: 0, ms: 1000 })
  },
)

t.test('a probe that does not heed its deadline is a bug, found a second later', async (t) => {
  const clock = new FakeClock()
  const check = new Check(new ScriptedProbe('deaf').probe, clock, 1000)
  await clock.advance(2000)
  const result = await check.result
  t.match(result?.outcome, { kind: 'cannot-judge', cause: { id: 42 }, reason: /did not come back/ })
  t.equal(clock.waiting, 0)
})

t.test('a probe that throws is a bug, with its stack', async (t) => {
  for (const how of ['throw', 'throw at once'] as const) {
    const check = new Check(new ScriptedProbe(how).probe, new FakeClock(), 1000)
    const result = await check.result
    t.match(result?.outcome, { kind: 'cannot-judge', cause: { id: 42, text: 'check', nn: 0 } })
    t.match(result?.outcome, { reason: /a bug[^]*scripted-probe/ })
  }
})

t.test('a probe that claims to be aborted when it was not is a bug', async (t) => {
  const check = new Check(
    new ScriptedProbe({ kind: 'aborted', stages: [] }).probe,
    new FakeClock(),
    1000,
  )
  t.match((await check.result)?.outcome, { kind: 'cannot-judge', reason: /nobody did/ })
})

t.test('what a check lost while we stood still is told', async (t) => {
  const clock = new FakeClock()
  const check = new Check(new ScriptedProbe('hang').probe, clock, 1000)
  await clock.advance(100)
  await clock.freeze(3000)
  const result = await check.result
  t.same(result?.outcome, timedOut)
  t.ok(result !== undefined && result.lostMs > 2500)
})

t.test('an abandoned check has no result, at once', async (t) => {
  const clock = new FakeClock()
  const script = new ScriptedProbe('hang')
  const check = new Check(script.probe, clock, 1000)
  const cleared = check.abandon('stopped')
  t.equal(await check.result, undefined)
  t.equal(script.signals[0]?.aborted, true)
  t.match(script.signals[0]?.reason, { name: 'AbandonedError' })
  await cleared
  t.equal(script.running, 0)
  t.equal(clock.waiting, 0)
})

t.test('an abandoned probe that does not come back is waited for a second', async (t) => {
  const clock = new FakeClock()
  const check = new Check(new ScriptedProbe('deaf').probe, clock, 10_000)
  let cleared = false
  const clearing = (async () => {
    await check.abandon('paused')
    cleared = true
  })()
  await clock.advance(999)
  t.equal(cleared, false)
  await clock.advance(1)
  t.equal(cleared, true)
  await clearing
})

t.test('a probe that is late after its backstop changes nothing', async (t) => {
  const clock = new FakeClock()
  const late = new EventTarget()
  const check = new Check(
    () =>
      new Promise((resolve) => {
        late.addEventListener('answer', () => {
          resolve(ok)
        })
      }),
    clock,
    1000,
  )
  await clock.advance(2000)
  const result = await check.result
  late.dispatchEvent(new Event('answer'))
  await settle()
  t.equal(result?.outcome.kind, 'cannot-judge')
})

t.test('a bug that is no error is named all the same', (t) => {
  t.equal(bugOutcome('a string').reason, 'a string')
  const bare = new Error('bare')
  delete (bare as { stack?: string }).stack
  t.equal(bugOutcome(bare).reason, 'Error: bare')
  t.end()
})

t.test('the deadline begins when we are already on the watch for our own stalls', async (t) => {
  const clock = new FakeClock()
  const timers: number[] = []
  const setTimer = (ms: number, callback: () => void) => {
    timers.push(ms)
    return clock.setTimer(ms, callback)
  }
  const { now, uptime, date } = clock
  const check = new Check(new ScriptedProbe(ok).probe, { now, uptime, date, setTimer }, 1000)
  await check.result
  t.ok(timers.indexOf(1000) > 0, timers.join(' '))
})
