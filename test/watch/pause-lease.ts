import t from 'tap'
import { decidePause, PauseLease, type PauseLimits } from '../../src/watch/pause-lease.ts'
import { FakeClock } from '../helpers/fake-clock.ts'

const fresh = { isPaused: false, leftMs: undefined, extensionsLeft: 0 }
const free: PauseLimits = { extensions: 2 }
const limited: PauseLimits = { extensions: 2, longestMs: 900_000 }

t.test('without limits a pause is as long as it is asked for, or has no end', async (t) => {
  t.match(decidePause({ ...fresh, wantedMs: undefined }, free), { kind: 'granted', ms: undefined })
  t.match(decidePause({ ...fresh, wantedMs: 5000 }, free), { ms: 5000, extensionsLeft: 2 })
})

t.test('a longest pause is what a bare one lasts, and no other is longer', async (t) => {
  t.match(decidePause({ ...fresh, wantedMs: undefined }, limited), { ms: 900_000 })
  t.match(decidePause({ ...fresh, wantedMs: 900_000 }, limited), { kind: 'granted' })
  t.strictSame(decidePause({ ...fresh, wantedMs: 900_001 }, limited), {
    kind: 'refused',
    refusal: { why: 'pause-too-long', values: { seconds: 900 } },
    text: 'at most 900 s',
  })
})

t.test('the end is put off so often, and brought forward as often as one likes', async (t) => {
  const held = { isPaused: true, leftMs: 60_000 }
  t.match(decidePause({ ...held, wantedMs: 90_000, extensionsLeft: 1 }, free), {
    kind: 'granted',
    extensionsLeft: 0,
  })
  t.strictSame(decidePause({ ...held, wantedMs: 90_000, extensionsLeft: 0 }, free), {
    kind: 'refused',
    refusal: { why: 'pause-put-off', values: { times: 2 } },
    text: 'put off as often as allowed: 2',
  })
  t.match(decidePause({ ...held, wantedMs: 60_000, extensionsLeft: 0 }, free), {
    kind: 'granted',
    ms: 60_000,
    extensionsLeft: 0,
  })
})

t.test(
  'a bare pause is as ever where there is no longest one, and one of that length where there is',
  async (t) => {
    const held = { isPaused: true, leftMs: 60_000, wantedMs: undefined, extensionsLeft: 0 }
    t.match(decidePause(held, free), { kind: 'granted', ms: undefined })
    t.match(decidePause(held, limited), { kind: 'refused', refusal: { why: 'pause-put-off' } })
    t.match(decidePause({ ...held, leftMs: 900_000 }, limited), { kind: 'granted', ms: 900_000 })
  },
)

t.test('a pause without an end may be given one', async (t) => {
  t.match(
    decidePause({ isPaused: true, leftMs: undefined, extensionsLeft: 0, wantedMs: 5000 }, free),
    { kind: 'granted', ms: 5000, extensionsLeft: 2 },
  )
})

function begin(ms: number | undefined) {
  const clock = new FakeClock()
  const warned: number[] = []
  const count = { ends: 0, changes: 0 }
  const lease = new PauseLease({
    clock,
    warn: (seconds) => warned.push(seconds),
    end: () => {
      count.ends += 1
    },
    changed: () => {
      count.changes += 1
    },
  })
  lease.set(ms, 2)
  return { clock, warned, count, lease }
}

t.test('it warns 10 minutes and 1 minute before its end, and then ends, each once', async (t) => {
  const { clock, warned, count, lease } = begin(3_600_000)
  await clock.advance(2_999_999)
  t.strictSame(warned, [])
  await clock.advance(1)
  t.strictSame(warned, [600])
  await clock.advance(540_000)
  t.strictSame(warned, [600, 60])
  await clock.advance(59_999)
  t.equal(count.ends, 0)
  t.equal(lease.leftMs, 1)
  await clock.advance(1)
  t.strictSame([count.ends, warned.length, clock.waiting], [1, 2, 0])
  t.equal(lease.leftMs, undefined)
  t.equal(lease.shown, undefined)
  t.equal(lease.extensionsLeft, 0)
})

t.test('a short one is not warned of at once', async (t) => {
  const { clock, warned } = begin(60_000)
  await clock.advance(60_000)
  t.strictSame(warned, [])
  const longer = begin(61_000)
  await longer.clock.advance(1000)
  t.strictSame(longer.warned, [60])
})

t.test('the time of day may be set as one likes, and is shown anew', async (t) => {
  const { clock, count, lease } = begin(300_000)
  t.match(lease.shown, { until: '2026-01-01T00:05:00.000Z', extensionsLeft: 2 })
  clock.setDate(Date.UTC(2030, 0, 1))
  await clock.advance(30_000)
  t.equal(count.changes, 1)
  t.match(lease.shown, { until: '2030-01-01T00:05:00.000Z' })
  clock.setDate(Date.UTC(2000, 0, 1))
  await clock.advance(269_999)
  t.equal(count.ends, 0)
  await clock.advance(1)
  t.equal(count.ends, 1)
})

t.test('a process that was frozen past the end ends it at once, without warnings', async (t) => {
  const { clock, count, warned } = begin(3_600_000)
  await clock.advance(1_000_000)
  await clock.freeze(100_000_000)
  t.strictSame(warned, [])
  t.equal(count.ends, 1)
})

t.test('one that was frozen past both warnings gives one of them, with what is left', async (t) => {
  const { clock, count, warned } = begin(3_600_000)
  await clock.freeze(3_570_000)
  t.strictSame(warned, [30])
  await clock.advance(30_000)
  t.equal(count.ends, 1)
})

t.test('a machine that was suspended past the end ends it soon after', async (t) => {
  const { clock, count } = begin(3_600_000)
  await clock.advance(10_000)
  clock.suspend(7_200_000)
  t.equal(count.ends, 0)
  await clock.advance(30_000)
  t.equal(count.ends, 1)
})

t.test('it is set anew, given up, or has no end, and nothing is left behind', async (t) => {
  const { clock, count, lease } = begin(60_000)
  lease.set(120_000, 1)
  t.equal(lease.extensionsLeft, 1)
  t.equal(clock.waiting, 1)
  await clock.advance(119_999)
  t.equal(count.ends, 0)
  lease.clear()
  t.equal(clock.waiting, 0)
  lease.set(undefined, 0)
  t.equal(lease.leftMs, undefined)
  await clock.advance(1_000_000)
  t.equal(count.ends, 0)
})
