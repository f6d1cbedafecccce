import t from 'tap'
import {
  FleetHealth,
  fleetSummary,
  type FleetSummary,
} from '../../../src/cli/fleet/fleet-health.ts'
import type { LastCheck, Status } from '../../../src/registry/status.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'
import { status } from '../../helpers/applicant.ts'

function health() {
  const clock = new FakeClock()
  const told: FleetSummary[] = []
  const all = new FleetHealth(clock, (summary) => told.push(summary))
  const note = (id: string, more: Partial<Status>) => {
    all.note(id, { ...status, worstCaseMs: 60_000, ...more })
  }
  const expect = (id: string) => {
    all.expect(id, { ...status, worstCaseMs: 90_000 })
  }
  return { clock, told, note, expect, last: () => told.at(-1) }
}

const well = { state: 'watching', succeeded: true } as const

t.test('they are ready when each has answered once', (t) => {
  const { note, last } = health()
  note('a', {})
  note('b', {})
  t.match(last(), { state: 'starting', succeeded: false, text: '0 of 1 well' })
  note('a', well)
  t.match(last(), { succeeded: false })
  note('b', { ...well, worstCaseMs: 90_000 })
  t.match(last(), { state: 'watching', succeeded: true, worstCaseMs: 90_000, text: '2 of 2 well' })
  t.end()
})

t.test('one that has yet to begin is waited for', (t) => {
  const { note, expect, last, told } = health()
  expect('a')
  expect('b')
  t.equal(told.length, 0)
  note('a', well)
  t.match(last(), { state: 'starting', succeeded: false, worstCaseMs: 90_000 })
  note('b', well)
  t.match(last(), { state: 'watching', succeeded: true })
  t.end()
})

t.test('a server that is abnormal while others go on does not keep them from being ready', (t) => {
  const { note, last } = health()
  note('a', { state: 'abnormal' })
  t.match(last(), { succeeded: false })
  note('b', well)
  t.match(last(), { state: 'failing', succeeded: true, text: '1 of 2 well, 1 failing' })
  t.end()
})

t.test(
  'they are told of at most every five seconds, and at once when something changes',
  async (t) => {
    const { clock, note, told } = health()
    note('a', well)
    note('a', well)
    t.equal(told.length, 1)
    await clock.advance(5000)
    note('a', well)
    t.equal(told.length, 2)
    note('a', { state: 'failing', succeeded: true })
    t.equal(told.length, 3)
  },
)

t.test('one watch that is silent for too long silences all, unless it is paused', async (t) => {
  const { clock, note, told } = health()
  note('a', { state: 'paused', succeeded: true })
  note('b', well)
  note('c', well)
  const before = told.length
  await clock.advance(70_001)
  note('c', well)
  t.equal(told.length, before)
  note('b', well)
  t.match(told.at(-1), { text: '2 of 3 well, 1 paused' })
  note('b', { state: 'ending' })
  await clock.advance(70_000)
  note('c', well)
  t.match(told.at(-1), { text: '1 of 2 well, 1 paused' })
})

t.test('when all are paused that is what is told; of no watch nothing is', (t) => {
  const { note, told } = health()
  note('a', { state: 'paused', succeeded: true })
  t.match(told, [{ state: 'paused', text: '0 of 1 well, 1 paused' }])
  note('a', { state: 'ending' })
  t.equal(told.length, 1)
  t.end()
})

t.test('the last check is that of a watch that fails, whose reason names it', (t) => {
  const check = (at: string, verdict: 'ok' | 'failed'): LastCheck => ({
    at,
    verdict,
    stages: [],
    ms: 1,
    ...(verdict === 'failed' && { reason: 'no answer' }),
  })
  const all = new Map<string, Status>([
    ['a', { ...status, ...well, lastCheck: check('2026-01-01T00:00:09Z', 'ok') }],
    ['b', { ...status, state: 'failing', lastCheck: check('2026-01-01T00:00:02Z', 'failed') }],
    ['c', { ...status, ...well, lastCheck: check('2026-01-01T00:00:08Z', 'ok') }],
    ['d', { ...status, state: 'abnormal', lastCheck: check('2026-01-01T00:00:01Z', 'failed') }],
    ['e', status],
  ])
  t.match(fleetSummary(all), { failures: 2, lastCheck: { reason: 'b: no answer' } })
  all.delete('b')
  all.delete('d')
  t.match(fleetSummary(all).lastCheck, { at: '2026-01-01T00:00:09Z', verdict: 'ok' })
  t.notOk('lastCheck' in fleetSummary(new Map([['e', status]])))
  t.match(fleetSummary(new Map()), { state: 'starting', worstCaseMs: 0 })
  t.end()
})

t.test('how late checks began is told of those that were planned', async (t) => {
  const { clock, note, last } = health()
  const checked = (checks: number, lateMs: number, more: Partial<Status> = {}) => {
    note('a', {
      ...well,
      lastCheck: { at: `2026-01-01T00:00:0${checks}Z`, verdict: 'ok', stages: [], ms: 1, lateMs },
      tally: {
        checks: { ok: checks, failed: 0, cannotJudge: 0, discarded: 0 },
        recent: [],
        stages: [],
        pausedMs: 0,
      },
      ...more,
    })
  }
  note('a', {})
  checked(1, 4000)
  t.notOk(last()?.lateness, 'the first of many waits for its place')
  checked(2, 3)
  checked(2, 3)
  await clock.advance(5000)
  checked(2, 3)
  t.strictSame(last()?.lateness, { checks: 1, p50Ms: 3, p99Ms: 3, mostMs: 3 })
  checked(2, 3, { state: 'paused' })
  checked(3, 4000)
  checked(4, 5)
  await clock.advance(5000)
  checked(4, 5)
  t.strictSame(last()?.lateness, { checks: 2, p50Ms: 3, p99Ms: 5, mostMs: 5 })
})
