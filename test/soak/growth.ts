import t from 'tap'
import { Dice } from '../../scripts/soak.d/dice.ts'
import { growthOf, withoutWarmUp } from '../../scripts/soak.d/growth.ts'
import type { Sample } from '../../scripts/soak.d/sample.ts'

/** A sample every three seconds, of four checks a second. */
const samples = (minutes: number, more: (checks: number, minute: number) => Partial<Sample>) => {
  const dice = new Dice(7)
  return Array.from({ length: minutes * 20 }, (_, at): Sample => {
    const [checks, atMinutes] = [at * 12, at / 20]
    return {
      atMinutes,
      checks,
      heapBytes: heap + dice.between(-15_000, 15_000),
      mallocBytes: malloc + dice.between(-30_000, 30_000),
      privateBytes: pages + (at % 7) * 40 * 1024,
      descriptors: 21 + (at % 2),
      sockets: 1 + (at % 2),
      files: 8,
      recordBytes: 3000,
      ...more(checks, atMinutes),
    }
  })
}
const [heap, malloc, pages] = [5_200_000, 3_000_000, 11_000_000]

const verdicts = (taken: Sample[]) =>
  Object.fromEntries(growthOf(taken).map(({ measure, verdict }) => [measure, verdict]))

const flat = {
  heapBytes: 'flat',
  mallocBytes: 'flat',
  privateBytes: 'flat',
  descriptors: 'flat',
  sockets: 'flat',
  files: 'flat',
  recordBytes: 'flat',
}

t.test('what goes up and down is flat', async (t) => {
  t.strictSame(verdicts(samples(30, () => ({}))), flat)
})

// 32 bytes are the least that malloc() takes for anything.
t.test('what grows is found, each for itself', async (t) => {
  const dice = new Dice(3)
  const noise = (size: number) => dice.between(-size, size)
  const leaks: Record<string, (checks: number, minute: number) => Partial<Sample>> = {
    heapBytes: (checks) => ({ heapBytes: heap + noise(15_000) + 32 * checks }),
    mallocBytes: (checks) => ({ mallocBytes: malloc + noise(30_000) + 32 * checks }),
    privateBytes: (checks) => ({ privateBytes: pages + noise(150_000) + 200 * checks }),
    descriptors: (_, minute) => ({ descriptors: 21 + Math.floor(minute / 3) }),
    sockets: (_, minute) => ({ sockets: 1 + Math.floor(minute / 3) }),
    files: (_, minute) => ({ files: 8 + Math.floor(minute) }),
    recordBytes: (_, minute) => ({ recordBytes: 3000 + 60 * minute }),
  }
  for (const [measure, leak] of Object.entries(leaks)) {
    t.strictSame(verdicts(samples(30, leak)), { ...flat, [measure]: 'grows' })
  }
})

t.test('one step is no growth, and many are', async (t) => {
  const dice = new Dice(13)
  const noise = () => dice.between(-15_000, 15_000)
  const stepped = samples(30, (checks) => ({
    heapBytes: heap + noise() + (checks < 4700 ? 0 : 100_000),
  }))
  t.strictSame(verdicts(stepped), { ...flat, heapBytes: 'stepped' })
  const [growth] = growthOf(stepped)
  t.ok(
    Math.abs(growth?.slope?.perUnit ?? 99) < 10,
    'the slope that is told is that beside the step',
  )
  const stairs = samples(30, (checks) => ({
    heapBytes: heap + noise() + 20_000 * Math.floor(checks / 400),
  }))
  t.strictSame(verdicts(stairs), { ...flat, heapBytes: 'grows' })
  const leak = samples(30, (checks) => ({
    heapBytes: heap + noise() + 32 * checks + (checks < 4700 ? 0 : 100_000),
  }))
  t.strictSame(verdicts(leak), { ...flat, heapBytes: 'grows' }, 'a step hides no leak')
})

t.test('two hundred bytes a check are found in the shortest run that is judged', async (t) => {
  const dice = new Dice(5)
  const leak = (checks: number) => ({
    heapBytes: heap + dice.between(-15_000, 15_000) + 200 * checks,
    mallocBytes: malloc + dice.between(-30_000, 30_000) + 200 * checks,
  })
  t.match(verdicts(samples(9, leak)), { heapBytes: 'grows', mallocBytes: 'grows' })
})

t.test('what is too rough to show a leak is not called flat', async (t) => {
  const dice = new Dice(11)
  const rough = () => ({ heapBytes: heap + dice.between(-1_500_000, 1_500_000) })
  t.strictSame(verdicts(samples(9, rough)), { ...flat, heapBytes: 'unsure' })
})

t.test('says after what time there would be twice as much', async (t) => {
  // A year at the default interval is 1,051,200 checks.
  const [first] = growthOf(samples(30, (checks) => ({ heapBytes: 1_051_200 + 4 * checks })))
  // Twelve checks a sample, ten minutes of warm-up: 1,060,800 bytes then.
  t.match(first, { measure: 'heapBytes', per: 'check', first: 1_060_800 })
  t.equal(first?.doublingYears?.toFixed(3), '0.252')
  t.equal(first?.verdict, 'flat', 'twice as much after three months is where it begins to matter')
  const [, rest] = growthOf(samples(30, () => ({ mallocBytes: malloc })))
  t.equal(rest?.doublingYears, Infinity)
})

t.test('what shrinks, or was the warm-up, is no leak', async (t) => {
  const warmUp = samples(30, (_, minute) => ({ heapBytes: 1e6 + 4e5 * Math.min(8, minute) }))
  t.equal(verdicts(warmUp).heapBytes, 'flat')
  t.equal(withoutWarmUp(warmUp)[0]?.atMinutes, 10)
  const shrinking = samples(30, (checks) => ({ privateBytes: 20e6 - 90 * checks }))
  t.equal(verdicts(shrinking).privateBytes, 'flat')
})

t.test('two minutes say something of descriptors, and nothing of memory', async (t) => {
  t.match(verdicts(samples(2, (_, minute) => ({ sockets: Math.floor(10 * minute) }))), {
    heapBytes: 'too short',
    mallocBytes: 'too short',
    privateBytes: 'too short',
    recordBytes: 'too short',
    sockets: 'grows',
    files: 'flat',
  })
})

t.test('of a process that told nothing there is nothing to say', async (t) => {
  t.same(growthOf([]), [])
})
