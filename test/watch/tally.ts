import t from 'tap'
import type { LastCheck } from '../../src/registry/status.ts'
import { bucketEdgesS, isTally, mostRecent } from '../../src/registry/tally.ts'
import { CheckTally } from '../../src/watch/tally.ts'

const size = { edgesS: bucketEdgesS, mostRecent }
const at = '2026-01-01T00:00:00.000Z'
const atMs = Date.parse(at)

function check(more: Partial<LastCheck> = {}): LastCheck {
  return { at, verdict: 'ok', ms: 3, stages: [{ name: 'connect', ms: 3 }], ...more }
}

t.test('nothing was counted before the first check', (t) => {
  t.same(new CheckTally(size).snapshot(), {
    checks: { ok: 0, failed: 0, cannotJudge: 0, discarded: 0 },
    recent: [],
    stages: [],
    pausedMs: 0,
  })
  t.end()
})

t.test('checks are counted by their verdicts, and the last success is remembered', (t) => {
  const tally = new CheckTally(size)
  tally.add(check())
  tally.add(check({ verdict: 'failed', ms: 1000, at: '2026-01-01T00:00:10.000Z' }))
  tally.add(check({ verdict: 'cannot-judge', at: '2026-01-01T00:00:20.000Z' }))
  t.match(tally.snapshot(), {
    checks: { ok: 1, failed: 1, cannotJudge: 1, discarded: 0 },
    recent: [
      [atMs, 3, 0],
      [atMs + 10_000, 1000, 1],
      [atMs + 20_000, 3, 2],
    ],
    lastSuccessAt: at,
  })
  t.end()
})

t.test('a verdict that is thrown away counts as discarded and no more as what it was', (t) => {
  const tally = new CheckTally(size)
  tally.discardLast()
  tally.add(check({ verdict: 'failed' }))
  tally.discardLast()
  t.match(tally.snapshot(), {
    checks: { ok: 0, failed: 0, cannotJudge: 0, discarded: 1 },
    recent: [[atMs, 3, 3]],
  })
  t.end()
})

t.test('only the last checks are kept', (t) => {
  const tally = new CheckTally({ ...size, mostRecent: 2 })
  for (const ms of [1, 2, 3]) tally.add(check({ ms }))
  t.same(tally.snapshot().recent, [
    [atMs, 2, 0],
    [atMs, 3, 0],
  ])
  t.equal(tally.snapshot().checks.ok, 3)
  t.end()
})

t.test('the times of a stage are counted up to each edge, the edge included', (t) => {
  const tally = new CheckTally({ ...size, edgesS: [0.005, 0.01, 1] })
  for (const ms of [0.1, 0.2, 5, 5.001, 1000, 1000.1]) {
    tally.add(check({ stages: [{ name: 'connect', ms }] }))
  }
  t.same(tally.snapshot().stages, [
    { name: 'connect', counts: [3, 4, 5], sumMs: 2010.401, count: 6 },
  ])
  t.end()
})

t.test('stages keep the order in which they were first seen, and are bounded', (t) => {
  const tally = new CheckTally(size)
  const stages = Array.from({ length: 20 }, (_, i) => ({ name: `stage${i}`, ms: 1 }))
  tally.add(check({ stages }))
  tally.add(check({ stages: stages.toReversed() }))
  const counted = tally.snapshot().stages
  t.same(
    counted.map(({ name }) => name),
    stages.slice(0, 16).map(({ name }) => name),
  )
  t.ok(counted.every(({ count }) => count === 2))
  t.end()
})

t.test('pauses add up; a clock that went back takes nothing away', (t) => {
  const tally = new CheckTally(size)
  tally.addPause(1000.4)
  tally.addPause(-5)
  tally.addPause(500)
  t.equal(tally.snapshot().pausedMs, 1500)
  t.end()
})

t.test('a snapshot stays as it is, whatever comes later', (t) => {
  const tally = new CheckTally(size)
  tally.add(check())
  const before = tally.snapshot()
  const copy = structuredClone(before)
  tally.add(check())
  tally.discardLast()
  t.same(before, copy)
  t.ok(isTally(tally.snapshot()))
  t.end()
})

t.test('a million checks take no more memory than sixty', (t) => {
  const tally = new CheckTally(size)
  for (let i = 0; i < 60; i += 1) tally.add(check())
  const length = JSON.stringify(tally.snapshot()).length
  for (let i = 0; i < 999_940; i += 1) tally.add(check())
  t.equal(tally.snapshot().checks.ok, 1_000_000)
  t.ok(JSON.stringify(tally.snapshot()).length < length + 200)
  t.end()
})
