import t from 'tap'
import type { Announcement } from '../../src/alert/announcement.ts'
import { DrillSeat, type Seated } from '../../src/watch/drill-seat.ts'
import { FakeClock } from '../helpers/fake-clock.ts'
import { ok, ScriptedProbe, timedOut } from '../helpers/scripted-probe.ts'

function seatOf() {
  const said: Announcement[] = []
  const details: unknown[] = []
  const seat = new DrillSeat(
    new ScriptedProbe(ok).probe,
    new FakeClock(),
    (announcement) => said.push(announcement),
    (_level, _text, detail) => details.push(detail),
  )
  return { seat, said, details }
}

const status = { kind: 'fault', since: 'a', until: 'b' } as const

t.test('without a drill everything goes through as it is', async (t) => {
  const { seat, said, details } = seatOf()
  t.equal(await seat.probe(new AbortController().signal), ok)
  seat.announce({ id: 72, nn: 111 })
  seat.log('info', 'x')
  seat.log('info', 'x', { stage: 'connect' })
  seat.end('nobody is there')
  t.same(said, [{ id: 72, nn: 111, detail: {} }])
  t.same(details, [{}, { stage: 'connect' }])
  t.same(seat.onlooker.status?.(), {})
  t.equal(seat.close(), undefined)
})

t.test('a drill is asked about every check, marks what is said, and shows', async (t) => {
  const { seat, said, details } = seatOf()
  const ends: string[] = []
  let closed = 0
  const drill: Seated = {
    status,
    judge: async (real) => (real === ok ? timedOut : real),
    end: (why) => ends.push(why),
    close: () => {
      closed += 1
    },
  }
  seat.take(drill)
  t.equal(seat.kind, 'fault')
  t.equal(await seat.probe(new AbortController().signal), timedOut)
  seat.announce({ id: 6, detail: { attempt: 3 } })
  seat.log('warn', 'x')
  t.match(said, [{ id: 6, detail: { attempt: 3, drill: 'fault' } }])
  t.same(details, [{ drill: 'fault' }])
  t.same(seat.onlooker.status?.(), { drill: status })
  seat.onlooker.paused?.()
  t.same(ends, ['the watch is paused'])
  t.equal(seat.close(), 'fault')
  t.equal(closed, 1)
  seat.take(drill)
  seat.leave()
  t.equal(seat.kind, undefined)
})
