import t from 'tap'
import type { Announcement } from '../../src/alert/announcement.ts'
import { bucketEdgesS, mostRecent } from '../../src/registry/tally.ts'
import { Pausing, type PausingParts } from '../../src/watch/pausing.ts'
import { opening } from '../../src/watch/state.ts'
import { CheckTally } from '../../src/watch/tally.ts'
import { Voice } from '../../src/watch/voice.ts'
import { FakeClock } from '../helpers/fake-clock.ts'

function scene(limits?: PausingParts['limits']) {
  const clock = new FakeClock()
  const said: Announcement[] = []
  const did: string[] = []
  const tally = new CheckTally({ edgesS: bucketEdgesS, mostRecent })
  const voice = new Voice(
    (one) => said.push(one),
    () => undefined,
    2,
    {},
  )
  const at = { isPaused: false }
  const pausing = new Pausing({
    clock,
    voice,
    tally,
    limits,
    position: () => (at.isPaused ? { ...opening, state: 'paused' } : opening),
    goOn: () => did.push('goes on'),
    changed: () => did.push('changed'),
  })
  const pause = (ms?: number) => {
    const grant = pausing.grantOf(ms)
    if (grant.kind === 'refused') return grant.text
    pausing.set(grant)
    if (!at.isPaused) pausing.begin()
    at.isPaused = true
    return 'granted'
  }
  return { pausing, clock, said, did, tally, at, pause }
}

t.test('a pause without an end is shown, counted, and reminded of every hour', async (t) => {
  const { pausing, clock, said, tally, pause } = scene()
  t.strictSame(pausing.status(), {})
  t.equal(pause(), 'granted')
  t.equal(pausing.hasEnd, false)
  t.strictSame(pausing.status(), {
    pausedSince: '2026-01-01T00:00:00.000Z',
    pausedUptimeMs: 5000,
  })
  await clock.advance(2 * 3_600_000)
  t.match(said, [
    { id: 7, reminder: true },
    { id: 7, reminder: true },
  ])
  pausing.end()
  t.strictSame(pausing.status(), {})
  t.equal(tally.snapshot().pausedMs, 7_200_000)
  t.equal(clock.waiting, 0)
})

t.test('one with an end warns a minute before it, and goes on by itself', async (t) => {
  const { pausing, clock, said, did, pause } = scene()
  t.equal(pause(90_000), 'granted')
  t.equal(pausing.hasEnd, true)
  t.match(pausing.shown, { extensionsLeft: 3 })
  t.match(pausing.status(), { pauseEnd: { until: '2026-01-01T00:01:30.000Z' } })
  await clock.advance(30_000)
  t.match(said, [{ id: 107, nn: 60 }])
  clock.setDate(Date.UTC(2027, 0, 1))
  await clock.advance(59_000)
  t.strictSame(did, ['changed'])
  await clock.advance(1000)
  t.strictSame(did, ['changed', 'goes on'])
})

t.test('its end is put off as often as the limits allow, three times unless told', async (t) => {
  const { pause } = scene()
  for (const ms of [10_000, 20_000, 30_000, 40_000]) t.equal(pause(ms), 'granted')
  t.match(pause(50_000), /put off as often as allowed: 3/)
  t.equal(pause(20_000), 'granted', 'to bring it forward is always possible')
  t.match(scene({ longestMs: 5000, extensions: 0 }).pause(6000), /at most 5 s/)
})
