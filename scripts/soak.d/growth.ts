import type { Sample } from './sample.ts'
import { isFlat, slopeBesideStep, slopeOf, type Slope } from './slope.ts'

/** As many as the default interval makes in a year. */
const checksAYear = (365 * 24 * 60 * 60) / 30

/** So many checks are needed after the warm-up to say anything of memory. */
const leastChecks = 1000

/**
 * What of a sample must not grow.
 *
 * Memory grows with every check, if it grows: it may do so by what would take at least so long to make
 * twice as much of it, at the default interval. And it must have been measured well enough: three errors
 * of the slope may come to so many bytes a check. The rest grows with time, by so much at most.
 */
const measures = {
  heapBytes: { per: 'check', leastMonths: 3, sharpestBytes: 100 },
  mallocBytes: { per: 'check', leastMonths: 3, sharpestBytes: 100 },
  privateBytes: { per: 'check', leastMonths: 1, sharpestBytes: 1000 },
  // One in two hours.
  descriptors: { per: 'minute', negligible: 1 / 120, leastMinutes: 0.5 },
  sockets: { per: 'minute', negligible: 1 / 120, leastMinutes: 0.5 },
  files: { per: 'minute', negligible: 1 / 120, leastMinutes: 0.5 },
  // A record's numbers get a digit more or less, and those of the last sixty checks are longer in a fault.
  recordBytes: { per: 'minute', negligible: 10, leastMinutes: 4 },
} as const

type Measure = keyof typeof measures

/**
 * One thing that could grow, and whether it did. What rose in one step alone, and is flat before and after
 * it, is 'stepped': what is needed for the first time takes its memory once.
 */
export type Growth = {
  measure: Measure
  /** what the slope counts by */
  per: 'check' | 'minute'
  /** after the warm-up, and at the end */
  first: number
  last: number
  slope: Slope | undefined
  /** at least so long would it take to be twice as much; for memory */
  doublingYears?: number
  /** 'too short': it was not looked at for long enough; 'unsure': it went up and down too much */
  verdict: 'flat' | 'stepped' | 'grows' | 'too short' | 'unsure'
}

/** A process is given half of its time, at most ten minutes, to load what it needs and to fill its buffers. */
export function withoutWarmUp(samples: readonly Sample[]): readonly Sample[] {
  const endMinutes = samples.at(-1)?.atMinutes ?? 0
  return samples.filter(({ atMinutes }) => atMinutes >= Math.min(10, endMinutes / 2))
}

/** Looks at everything that could grow in the samples of one process. */
export function growthOf(samples: readonly Sample[]): Growth[] {
  const warm = withoutWarmUp(samples)
  const first = warm[0]
  const last = warm.at(-1)
  if (first === undefined || last === undefined) return []
  const names: readonly Measure[] = [
    'heapBytes',
    'mallocBytes',
    'privateBytes',
    'descriptors',
    'sockets',
    'files',
    'recordBytes',
  ]
  return names.map((measure) => growthIn(measure, warm, first, last))
}

function growthIn(measure: Measure, warm: readonly Sample[], begin: Sample, end: Sample): Growth {
  const plan = measures[measure]
  const { per } = plan
  const [first, last] = [begin[measure], end[measure]]
  const along = per === 'minute' ? 'atMinutes' : 'checks'
  const points = warm.map((sample) => [sample[along], sample[measure]] as const)
  const slope = slopeOf(points)
  if (plan.per === 'minute') {
    const isShort = end.atMinutes - begin.atMinutes < plan.leastMinutes
    const verdict = verdictOf(isShort, slope, plan.negligible)
    return { measure, per, first, last, slope, verdict }
  }
  const isShort = end.checks - begin.checks < leastChecks
  const negligible = first / ((plan.leastMonths / 12) * checksAYear)
  const verdict = verdictOf(isShort, slope, negligible, plan.sharpestBytes)
  const beside = verdict === 'grows' ? slopeBesideStep(points) : undefined
  const found =
    verdictOf(isShort, beside, negligible, plan.sharpestBytes) === 'flat'
      ? ({ slope: beside, verdict: 'stepped' } as const)
      : { slope, verdict }
  if (found.slope === undefined) return { measure, per, first, last, ...found }
  const steepest = Math.max(0, found.slope.perUnit) + 2 * found.slope.error
  const doublingYears = first / steepest / checksAYear
  return { measure, per, first, last, doublingYears, ...found }
}

function verdictOf(
  isShort: boolean,
  slope: Slope | undefined,
  negligible: number,
  sharpest = Infinity,
): Growth['verdict'] {
  if (isShort || slope === undefined) return 'too short'
  // What shrinks is no leak.
  if (slope.perUnit > 0 && !isFlat(slope, negligible)) return 'grows'
  return 3 * slope.error > sharpest ? 'unsure' : 'flat'
}
