/** A line through points by least squares: its rise for each unit of x, and the standard error of that. */
export type Slope = { perUnit: number; error: number }

type Points = readonly (readonly [x: number, y: number])[]

/** The least share of the points that lies on either side of a step. */
const leastShare = 0.1

/** So many stretches are looked at for waves that are longer than from one point to the next. */
const stretches = 24

/**
 * Fits a line. What is left beside it need not be independent (memory that is given back now and then
 * goes up and down in long waves), so its correlation makes the error larger: that from one point to the
 * next, or, where that says more, that from one stretch of points to the next, beneath the noise.
 */
export function slopeOf(points: Points): Slope | undefined {
  const fit = fitWith(points, points.length)
  return fit && slopeIn(fit)
}

/**
 * The same of what rises in one step at some time, and by a line before and after it: the step that
 * explains most is not counted. Code that is needed for the first time takes its memory once.
 */
export function slopeBesideStep(points: Points): Slope | undefined {
  const least = Math.max(2, Math.ceil(points.length * leastShare))
  let best = fitWith(points, points.length)
  for (let split = least; split <= points.length - least; split += 1) {
    const fit = fitWith(points, split)
    if (fit !== undefined && best !== undefined && fit.squares < best.squares) best = fit
  }
  return best && slopeIn(best)
}

/** A line of one slope through two groups of points; `left` is what it does not explain. */
type Fit = { perUnit: number; spread: number; left: number[]; squares: number; freedom: number }

function fitWith(points: Points, split: number): Fit | undefined {
  if (points.length < 4) return undefined
  const centred = [points.slice(0, split), points.slice(split)].flatMap(aroundTheirMean)
  const spread = sum(centred.map(([x]) => x * x))
  if (spread === 0) return undefined
  const perUnit = sum(centred.map(([x, y]) => x * y)) / spread
  const left = centred.map(([x, y]) => y - perUnit * x)
  const freedom = points.length - (split < points.length ? 3 : 2)
  return { perUnit, spread, left, squares: sum(left.map((each) => each * each)), freedom }
}

function aroundTheirMean(points: Points): Points {
  const meanX = sum(points.map(([x]) => x)) / points.length
  const meanY = sum(points.map(([, y]) => y)) / points.length
  return points.map(([x, y]) => [x - meanX, y - meanY] as const)
}

function slopeIn({ perUnit, spread, left, squares, freedom }: Fit): Slope {
  if (squares === 0 || freedom <= 0) return { perUnit, error: 0 }
  const length = Math.floor(left.length / stretches)
  const means =
    length < 2
      ? []
      : Array.from({ length: stretches }, (_, at) => {
          const stretch = left.slice(at * length, (at + 1) * length)
          return sum(stretch) / stretch.length
        })
  // As a mean of independent points would vary less by their number, so much counts what is left of them.
  const long = sum(means.map((each) => each * each)) * length * (left.length / stretches)
  const variance = Math.max(squares * inflationOf(left), long * inflationOf(means))
  return { perUnit, error: Math.sqrt(variance / freedom / spread) }
}

/** By how much what is correlated from one to the next varies more than it shows. */
function inflationOf(left: readonly number[]): number {
  const squares = sum(left.map((each) => each * each))
  if (squares === 0) return 1
  const products = sum(left.slice(1).map((each, at) => each * (left[at] ?? 0)))
  const correlation = Math.min(0.95, Math.max(0, products / squares))
  return (1 + correlation) / (1 - correlation)
}

function sum(values: readonly number[]): number {
  return values.reduce((so, each) => so + each, 0)
}

/** Whether a slope is none, as far as can be told: within three errors of zero, or smaller than matters. */
export function isFlat({ perUnit, error }: Slope, negligiblePerUnit: number): boolean {
  return Math.abs(perUnit) <= Math.max(3 * error, negligiblePerUnit)
}
