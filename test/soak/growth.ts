import t from 'tap'
import { growthOf, withoutWarmUp } from '../../scripts/soak.d/growth.ts'
import type { Sample } from '../../scripts/soak.d/sample.ts'

/** A sample every three seconds. */
const samples = (minutes: number, more: (minute: number) => Partial<Sample>): Sample[] =>
  Array.from({ length: minutes * 20 }, (_, at) => ({
    atMinutes: at / 20,
    heapKiB: 6000 + (at % 5),
    privateKiB: 11_000 + (at % 7) * 40,
    descriptors: 21 + (at % 2),
    sockets: 1 + (at % 2),
    files: 8,
    recordBytes: 3000,
    ...more(at / 20),
  }))

const verdicts = (taken: Sample[]) =>
  Object.fromEntries(growthOf(taken).map(({ measure, verdict }) => [measure, verdict]))

t.test('what goes up and down is flat', async (t) => {
  const flat = 'flat'
  t.strictSame(verdicts(samples(30, () => ({}))), {
    heapKiB: flat,
    privateKiB: flat,
    descriptors: flat,
    sockets: flat,
    files: flat,
    recordBytes: flat,
  })
})

t.test('what grows is found, each for itself', async (t) => {
  const leaks: Record<string, (minute: number) => Partial<Sample>> = {
    heapKiB: (minute) => ({ heapKiB: 6000 + 20 * minute }),
    privateKiB: (minute) => ({ privateKiB: 11_000 + 90 * minute }),
    descriptors: (minute) => ({ descriptors: 21 + Math.floor(minute / 3) }),
    sockets: (minute) => ({ sockets: 1 + Math.floor(minute / 3) }),
    files: (minute) => ({ files: 8 + Math.floor(minute) }),
    recordBytes: (minute) => ({ recordBytes: 3000 + 60 * minute }),
  }
  for (const [measure, leak] of Object.entries(leaks)) {
    const found = Object.entries(verdicts(samples(30, leak))).filter(([, is]) => is === 'grows')
    t.strictSame(found, [[measure, 'grows']])
  }
})

t.test('what shrinks, or was the warm-up, is no leak', async (t) => {
  const warmUp = samples(30, (minute) => ({ privateKiB: 9000 + 400 * Math.min(8, minute) }))
  t.equal(verdicts(warmUp).privateKiB, 'flat')
  t.equal(withoutWarmUp(warmUp)[0]?.atMinutes, 10)
  t.equal(verdicts(samples(30, (at) => ({ privateKiB: 20_000 - 90 * at }))).privateKiB, 'flat')
})

t.test('two minutes say something of descriptors, and nothing of a heap', async (t) => {
  t.match(verdicts(samples(2, (at) => ({ sockets: Math.floor(10 * at) }))), {
    heapKiB: 'too short',
    privateKiB: 'too short',
    sockets: 'grows',
    files: 'flat',
  })
})
