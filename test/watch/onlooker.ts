import t from 'tap'
import type { Announcement } from '../../src/alert/announcement.ts'
import type { Status } from '../../src/registry/status.ts'
import { bucketEdgesS, mostRecent } from '../../src/registry/tally.ts'
import type { Judged, Onlooker } from '../../src/watch/onlooker.ts'
import { Watch } from '../../src/watch/watch.ts'
import { FakeClock, settle } from '../helpers/fake-clock.ts'
import { failedWith, ok, ScriptedProbe } from '../helpers/scripted-probe.ts'

function begin(script: ScriptedProbe, onlookers: Onlooker[]) {
  const clock = new FakeClock()
  const said: Announcement[] = []
  const logged: string[] = []
  const saved: Status[] = []
  const watch = new Watch({
    timing: { intervalMs: 10_000, retryIntervalMs: 2000, deadlineMs: 1000, retries: 1 },
    probe: script.probe,
    clock,
    announce: (announcement) => said.push(announcement),
    log: (level, text) => logged.push(`${level} ${text}`),
    saveRecord: async (status) => {
      saved.push(status)
    },
    tallySize: { edgesS: bucketEdgesS, mostRecent },
    onlookers,
  })
  const ending = watch.run()
  return { clock, said, logged, saved, watch, ending }
}

t.test('an onlooker hears of every judged check, and where the watch is after it', async (t) => {
  const seen: Judged[] = []
  const judged = (one: Judged) => {
    seen.push(one)
  }
  const { clock } = begin(new ScriptedProbe(ok, failedWith({ id: 61, nn: 1 }), ok), [{ judged }])
  await settle()
  await clock.advance(10_000)
  await clock.advance(2000)
  t.same(
    seen.map(({ lastCheck, after }) => [lastCheck.verdict, after.state, after.counters.failures]),
    [
      ['ok', 'watching', 0],
      ['failed', 'failing', 1],
      ['ok', 'watching', 0],
    ],
  )
  t.equal(seen[1]?.result.outcome.kind, 'failed')
})

t.test('what it knows is announced just before 6, and at no other end', async (t) => {
  const lastWords = () => [{ id: 61 }]
  const dead = begin(
    new ScriptedProbe(failedWith({ id: 62, nn: 1 }), failedWith({ id: 62, nn: 1 })),
    [{ lastWords }],
  )
  await settle()
  await dead.clock.advance(2000)
  t.same(await dead.ending, { how: 'abnormal', exitStatus: 1 })
  t.same(
    dead.said.map(({ id }) => id),
    [1, 62, 61, 6],
  )
  const stopped = begin(new ScriptedProbe(ok), [{ lastWords }])
  await settle()
  await stopped.watch.stop('enough')
  t.same(
    stopped.said.map(({ id }) => id),
    [1, 2, 3],
  )
})

t.test('it hears of a pause, of its end, and of the end of the watch, once each', async (t) => {
  const heard: string[] = []
  const onlooker: Onlooker = {
    paused: () => heard.push('paused'),
    continued: () => heard.push('continued'),
    ended: () => heard.push('ended'),
  }
  const { watch, ending } = begin(new ScriptedProbe(ok, ok), [onlooker])
  await settle()
  await watch.pause()
  await watch.pause()
  await watch.continue()
  await watch.stop('enough')
  await watch.stop('enough')
  await ending
  t.same(heard, ['paused', 'continued', 'ended'])
})

t.test('what it adds is in the record, and is written anew when it asks for it', async (t) => {
  let lateness = { checks: 9, p50Ms: 1, p99Ms: 2, mostMs: 3 }
  const onlooker: Onlooker = { status: () => ({ lateness }) }
  const { watch, saved } = begin(new ScriptedProbe(ok), [onlooker, {}])
  await settle()
  t.match(saved.at(-1), { state: 'watching', lateness: { mostMs: 3 } })
  const before = saved.length
  lateness = { checks: 9, p50Ms: 1, p99Ms: 2, mostMs: 4 }
  watch.refreshRecord()
  t.equal(saved.length, before + 1)
  t.match(saved.at(-1), { state: 'watching', lateness: { mostMs: 4 } })
  await watch.stop('enough')
})

t.test('one that throws harms neither the watch nor the others, and is logged once', async (t) => {
  const fail = () => {
    throw new Error('broken')
  }
  const seen: Judged[] = []
  const broken: Onlooker = {
    judged: fail,
    paused: fail,
    lastWords: fail,
    status: fail,
    ended: fail,
  }
  const whole: Onlooker = {
    judged: (one) => {
      seen.push(one)
    },
    lastWords: () => [{ id: 61 }],
  }
  const { clock, ending, said, logged } = begin(
    new ScriptedProbe(ok, failedWith({ id: 62, nn: 1 }), failedWith({ id: 62, nn: 1 })),
    [broken, whole],
  )
  await settle()
  await clock.advance(10_000)
  await clock.advance(2000)
  t.same(await ending, { how: 'abnormal', exitStatus: 1 })
  t.equal(seen.length, 3)
  t.same(
    said.map(({ id }) => id),
    [1, 2, 62, 61, 6],
  )
  t.same(
    logged.filter((line) => line.includes('broken')),
    ['error bug beside the checks: Error: broken'],
  )
})
