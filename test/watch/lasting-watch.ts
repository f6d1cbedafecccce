import t from 'tap'
import type { Announcement } from '../../src/alert/announcement.ts'
import type { Status } from '../../src/registry/status.ts'
import { LastingWatch } from '../../src/watch/lasting-watch.ts'
import type { Ending } from '../../src/watch/state.ts'
import type { Timing } from '../../src/watch/timing.ts'
import { FakeClock, settle } from '../helpers/fake-clock.ts'
import { noSocket, ok, ScriptedProbe, timedOut } from '../helpers/scripted-probe.ts'

const timing: Timing = { intervalMs: 10_000, retryIntervalMs: 2000, deadlineMs: 1000, retries: 1 }

function begin(script: ScriptedProbe, goesOn: boolean, fails = false) {
  const clock = new FakeClock()
  const said: Announcement[] = []
  const saved: Status[] = []
  const turns: string[] = []
  const seen: { ending?: Ending } = {}
  const watch = new LastingWatch(
    {
      timing: { ...timing, startWaitMs: 1000 },
      tallySize: { edgesS: [1], mostRecent: 5 },
      probe: script.probe,
      clock,
      announce: (announcement) => said.push(announcement),
      log: () => undefined,
      saveRecord: async (status) => {
        if (fails) throw new Error('no disk')
        saved.push(status)
      },
    },
    (turn) => {
      turns.push(turn)
      return goesOn
    },
  )
  void (async () => {
    seen.ending = await watch.run()
  })()
  const told = () => said.map(({ id, reminder }) => (reminder ? -id : id))
  return { clock, watch, told, saved, turns, seen, script }
}

t.test('a watch that nobody wants to go on ends with its server', async (t) => {
  const { clock, told, turns, seen } = begin(new ScriptedProbe(ok, timedOut), false)
  await clock.advance(12_000)
  t.same(seen.ending, { how: 'abnormal', exitStatus: 1 })
  t.same(turns, ['abnormal'])
  t.same(told(), [1, 2, 74, 6])
})

t.test('a watch that goes on asks again, and repeats its alerts in the log alone', async (t) => {
  const script = new ScriptedProbe(ok, ...Array<typeof timedOut>(6).fill(timedOut), ok)
  const { clock, watch, told, turns, saved, seen } = begin(script, true)
  await clock.advance(12_000)
  t.same(told(), [1, 2, 74, 6])
  const since = saved.at(-1)?.since
  t.match(saved.at(-1), { state: 'abnormal' })
  await clock.advance(2000 + 2000)
  t.same(told(), [1, 2, 74, 6, -74, -6])
  t.match(watch.snapshot(), { state: 'abnormal', since, succeeded: false })
  await clock.advance(2 * (2000 + 2000))
  t.same(told(), [1, 2, 74, 6, -74, -6, -74, -6, 2])
  t.match(watch.snapshot(), { state: 'watching', succeeded: true })
  t.match(watch.snapshot().tally, { checks: { ok: 2, failed: 6 } }, 'all of them are counted')
  t.same(turns, ['abnormal', 'abnormal', 'abnormal', 'well'])
  t.equal(seen.ending, undefined)
})

t.test('a server that came back and is lost again is told again', async (t) => {
  const script = new ScriptedProbe(timedOut, timedOut, timedOut, ok, timedOut)
  const { clock, told, turns } = begin(script, true)
  await clock.advance(60_000)
  t.same(turns.slice(0, 3), ['abnormal', 'well', 'abnormal'])
  t.same(told().slice(0, 6), [1, 74, 6, 2, 74, 6])
})

t.test('a watch that could not judge goes on and tells when it can again', async (t) => {
  const { clock, told, turns } = begin(new ScriptedProbe(noSocket, noSocket, noSocket, ok), true)
  await clock.advance(10_000)
  t.same(turns, ['own-trouble', 'well'])
  t.same(told(), [1, 71, 6, 2])
})

t.test('it can be paused, continued and stopped while it waits to ask again', async (t) => {
  const { clock, watch, told, seen, script } = begin(new ScriptedProbe(timedOut), true)
  await clock.advance(5000)
  const { calls } = script
  t.match(await watch.pause(), { ok: true, state: 'paused' })
  t.equal(watch.snapshot().state, 'paused')
  await clock.advance(60_000)
  t.equal(script.calls, calls)
  await watch.continue()
  await settle()
  t.equal(script.calls, calls + 1)
  t.equal(watch.snapshot().state, 'abnormal')
  watch.reportBug(new Error('a bug'))
  await watch.stop('test')
  await settle()
  t.same(seen.ending, { how: 'stopped', exitStatus: 0 })
  t.same(told().slice(-3), [7, 8, 3])
  t.equal(clock.waiting, 0)
})

t.test('a watch that is stopped before it asks again ends at once', async (t) => {
  const { clock, watch, seen } = begin(new ScriptedProbe(timedOut), true)
  await clock.advance(5000)
  await watch.stop('test')
  await settle()
  t.same(seen.ending, { how: 'stopped', exitStatus: 0 })
  t.equal(clock.waiting, 0)
})

t.test('a record that cannot be written ends nothing', async (t) => {
  const { clock, seen, turns } = begin(new ScriptedProbe(timedOut), true, true)
  await clock.advance(20_000)
  t.equal(seen.ending, undefined)
  t.ok(turns.length > 1)
})

t.test('its record can be written anew', async (t) => {
  const { clock, watch, saved } = begin(new ScriptedProbe(ok), true)
  await clock.advance(1000)
  const before = saved.length
  watch.refreshRecord()
  t.equal(saved.length, before + 1)
})
