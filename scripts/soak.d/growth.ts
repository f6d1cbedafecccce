import type { Sample } from './sample.ts'
import { isFlat, slopeOf, type Slope } from './slope.ts'

/** What of a sample must not grow, and by how much it may in a minute without mattering. */
const measures = {
  // A quarter of a kilobyte for each of the sixty checks: what a check leaves behind weighs more.
  heapKiB: { unit: 'KiB', negligiblePerMinute: 15, leastMinutes: 9.5 },
  // A heap that keeps its size goes on touching pages for the first time, for an hour and more.
  privateKiB: { unit: 'KiB', negligiblePerMinute: 60, leastMinutes: 9.5 },
  // One in two hours.
  descriptors: { unit: '', negligiblePerMinute: 1 / 120, leastMinutes: 0.5 },
  sockets: { unit: '', negligiblePerMinute: 1 / 120, leastMinutes: 0.5 },
  files: { unit: '', negligiblePerMinute: 1 / 120, leastMinutes: 0.5 },
  // A record's numbers get a digit more or less.
  recordBytes: { unit: 'B', negligiblePerMinute: 10, leastMinutes: 0.5 },
} as const

/** One thing that could grow, and whether it did. */
export type Growth = {
  measure: keyof typeof measures
  unit: string
  /** after the warm-up, and at the end */
  first: number
  last: number
  slope: Slope | undefined
  /** 'too short': the time was not enough to tell a leak from a heap that is still filling up */
  verdict: 'flat' | 'grows' | 'too short'
}

/** A process is given half of its time, at most ten minutes, to have its code compiled and its heap filled. */
export function withoutWarmUp(samples: readonly Sample[]): readonly Sample[] {
  const endMinutes = samples.at(-1)?.atMinutes ?? 0
  return samples.filter(({ atMinutes }) => atMinutes >= Math.min(10, endMinutes / 2))
}

/** Looks at everything that could grow in the samples of one process. */
export function growthOf(samples: readonly Sample[]): Growth[] {
  const warm = withoutWarmUp(samples)
  const minutes = (warm.at(-1)?.atMinutes ?? 0) - (warm[0]?.atMinutes ?? 0)
  const names = ['heapKiB', 'privateKiB', 'descriptors', 'sockets', 'files', 'recordBytes'] as const
  return names.map((measure) => {
    const { unit, negligiblePerMinute, leastMinutes } = measures[measure]
    const slope = slopeOf(warm.map((sample) => [sample.atMinutes, sample[measure]] as const))
    const tooShort = slope === undefined || minutes < leastMinutes
    return {
      measure,
      unit,
      first: warm[0]?.[measure] ?? Number.NaN,
      last: warm.at(-1)?.[measure] ?? Number.NaN,
      slope,
      // What shrinks is no leak.
      verdict: tooShort
        ? 'too short'
        : slope.perUnit <= 0 || isFlat(slope, negligiblePerMinute)
          ? 'flat'
          : 'grows',
    }
  })
}
