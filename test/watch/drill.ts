import t from 'tap'
import { TimeoutError, AbandonedError } from '../../src/watch/deadline.ts'
import { Drill } from '../../src/watch/drill.ts'
import type { DrillKind } from '../../src/registry/drill-status.ts'
import { FakeClock, settle } from '../helpers/fake-clock.ts'
import { ok, timedOut } from '../helpers/scripted-probe.ts'

function drillOf(kind: DrillKind) {
  const clock = new FakeClock()
  const over: string[] = []
  const drill = new Drill({
    kind,
    ms: 60_000,
    lateMs: 900,
    pretence: { stage: 'connect', failure: 'connect', cause: { id: 72, nn: 111 }, reason: 'no' },
    clock,
    onOver: (why) => over.push(why),
  })
  return { clock, over, drill, controller: new AbortController() }
}

t.test('it says since when and until when it is', async (t) => {
  const { drill, clock, over } = drillOf('fault')
  t.equal(Date.parse(drill.status.until) - Date.parse(drill.status.since), 60_000)
  await clock.advance(60_000)
  t.same(over, ['its time is up'])
  drill.end('once more')
  t.equal(over.length, 1, 'it is over once')
})

t.test('what is abandoned stays abandoned, whatever is pretended', async (t) => {
  for (const kind of ['timeout', 'slow'] as const) {
    const { drill, controller } = drillOf(kind)
    const judged = drill.judge(ok, controller.signal, 5)
    controller.abort(new AbandonedError('a pause'))
    t.match(await judged, { kind: 'aborted' })
    t.match(await drill.judge(ok, controller.signal, 5), { kind: 'aborted' }, 'or was before')
    t.match(await drill.judge({ kind: 'aborted', stages: [] }, controller.signal, 5), {
      kind: 'aborted',
    })
  }
})

t.test('a deadline that comes before a late answer is not held against the server', async (t) => {
  const { drill, controller } = drillOf('slow')
  const judged = drill.judge(ok, controller.signal, 5)
  controller.abort(new TimeoutError(1000))
  t.match(await judged, { kind: 'ok', detail: { drill: 'slow' } })
})

t.test('a silence ends with the deadline', async (t) => {
  const { drill, controller } = drillOf('timeout')
  const judged = drill.judge(ok, controller.signal, 5)
  controller.abort(new TimeoutError(1000))
  t.match(await judged, {
    kind: 'failed',
    cause: { id: 72, nn: 111 },
    detail: { drill: 'timeout' },
  })
})

t.test('an answer that is late by itself is not delayed further', async (t) => {
  const { drill, controller, clock } = drillOf('slow')
  const judged = drill.judge(ok, controller.signal, 2000)
  await clock.advance(0)
  t.match(await judged, { kind: 'ok' })
})

t.test('the end of a drill lets go what it holds back', async (t) => {
  for (const kind of ['timeout', 'slow'] as const) {
    const { drill, controller, clock } = drillOf(kind)
    const judged = drill.judge(ok, controller.signal, 5)
    drill.end('it was ended')
    t.match(await judged, { kind: 'ok' })
    t.equal(clock.waiting, 0)
    t.equal(await drill.judge(ok, controller.signal, 5), ok, 'and later checks are as they are')
    t.equal(await drill.judge(timedOut, controller.signal, 5), timedOut)
  }
})

t.test('with its watch it ends without a word', async (t) => {
  const { drill, over, clock } = drillOf('fault')
  drill.close()
  await settle()
  t.same(over, [])
  t.equal(clock.waiting, 0)
})
