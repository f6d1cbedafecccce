/** How far a measurement was from its limit, and when; at 0 the limit is reached. */
export type Sample = { atMs: number; margin: number }

/** What samples lead to. */
export type TrendVerdict =
  /** there is not enough to say anything */
  | { kind: 'unknown' }
  /** nothing points to the limit, nor nearly */
  | { kind: 'calm' }
  /** neither the one nor the other */
  | { kind: 'unclear' }
  /** the limit will be reached, in so long; 0: it is */
  | { kind: 'danger'; inMs: number }

/** A line through samples: where it is at the last of them, how it goes on, and how sure that is. */
export type Line = {
  /** at the time of the last sample */
  now: number
  /** per millisecond */
  slope: number
  /** the standard error of the slope */
  slopeError: number
  /** by how much samples stray from it */
  deviation: number
}

/** The least squares through samples. */
export function fitLine(samples: readonly Sample[]): Line {
  const n = samples.length
  const end = samples.at(-1)?.atMs ?? 0
  const meanAt = samples.reduce((sum, { atMs }) => sum + (atMs - end), 0) / n
  const mean = samples.reduce((sum, { margin }) => sum + margin, 0) / n
  let along = 0
  let across = 0
  for (const { atMs, margin } of samples) {
    const at = atMs - end - meanAt
    along += at * at
    across += at * (margin - mean)
  }
  const slope = along === 0 ? 0 : across / along
  let rest = 0
  for (const { atMs, margin } of samples) {
    rest += (margin - mean - slope * (atMs - end - meanAt)) ** 2
  }
  const deviation = Math.sqrt(rest / Math.max(1, n - 2))
  const slopeError = along === 0 ? Infinity : deviation / Math.sqrt(along)
  return { now: mean - slope * meanAt, slope, slopeError, deviation }
}

/** Mann and Kendall's test: how far ups and downs are from balancing, in standard deviations; below 0: downwards. */
export function mannKendall(samples: readonly Sample[]): number {
  const n = samples.length
  let score = 0
  const ties = new Map<number, number>()
  for (const [index, { margin }] of samples.entries()) {
    ties.set(margin, (ties.get(margin) ?? 0) + 1)
    for (let before = 0; before < index; before += 1) {
      score += Math.sign(margin - (samples[before]?.margin ?? 0))
    }
  }
  let variance = n * (n - 1) * (2 * n + 5)
  for (const count of ties.values()) variance -= count * (count - 1) * (2 * count + 5)
  return variance <= 0 ? 0 : (score - Math.sign(score)) / Math.sqrt(variance / 18)
}

/** Fewer samples say nothing. */
export const fewestSamples = 10
/** Nobody looks further ahead than so many times the time looked back over. */
const mostAhead = 4
/** By the rank test it must go down so clearly. */
const clearly = -3
/** The halves of a window must share in the fall: neither may have less than this of the whole's slope. */
const halfShare = 0.3
/** The prediction must reach the limit by so many of its standard errors. */
const doubt = 2

/** So many standard errors must a slope be away from none; a short window is easily deceived. */
function significant(count: number): number {
  return 4.2 + 38 / (count - 2)
}

/**
 * Whether samples are on their way to their limit, and when they will be there. Looked at are the whole
 * window and its latter half, so that a fall is found soon; each must go down significantly, by its slope and by its
 * ranks, and in both of its own halves, which a step, a plateau or the tip of a saw-tooth does not.
 */
export function judgeTrend(samples: readonly Sample[], aheadMs: number): TrendVerdict {
  const last = samples.at(-1)
  const before = samples.at(-2)
  if (last === undefined || before === undefined) return { kind: 'unknown' }
  if (last.margin <= 0 && before.margin <= 0) return { kind: 'danger', inMs: 0 }
  if (samples.length < fewestSamples) return { kind: 'unknown' }
  const latter = samples.slice(-Math.max(fewestSamples, Math.ceil(samples.length / 2)))
  // The second of two predictions in a row is to be in time, so the first looks a sample further.
  const spanMs = last.atMs - (samples[0]?.atMs ?? 0)
  const reachMs = aheadMs + spanMs / (samples.length - 1)
  for (const window of [samples, latter]) {
    const inMs = reachedIn(window, reachMs)
    if (inMs !== undefined) return { kind: 'danger', inMs }
  }
  const isNear = [samples, latter].some((window) => {
    const { now, slope } = fitLine(window)
    return now + slope * reachMs * 2 <= 0
  })
  return { kind: isNear || last.margin <= 0 ? 'unclear' : 'calm' }
}

function reachedIn(window: readonly Sample[], aheadMs: number): number | undefined {
  const n = window.length
  const spanMs = (window.at(-1)?.atMs ?? 0) - (window[0]?.atMs ?? 0)
  if (spanMs * mostAhead < aheadMs) return undefined
  const { now, slope, slopeError, deviation } = fitLine(window)
  if (!(slope < 0) || -slope < significant(n) * slopeError) return undefined
  if (mannKendall(window) > clearly) return undefined
  const middle = Math.floor(n / 2)
  const [former, latter] = [fitLine(window.slice(0, middle + 1)), fitLine(window.slice(middle))]
  if (Math.max(former.slope, latter.slope) > slope * halfShare) return undefined
  // What has come to rest still shows in the whole line, and not in that of the latter half.
  if (latter.now + latter.slope * aheadMs > 0) return undefined
  // How sure a line is at a point beyond its end: RMS of the level's error and the slope's.
  const error = Math.hypot(deviation / Math.sqrt(n), slopeError * (aheadMs + spanMs / 2))
  if (now + slope * aheadMs + doubt * error > 0) return undefined
  return Math.max(0, now / -slope)
}
