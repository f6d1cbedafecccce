/** A line through points by least squares: its rise for each unit of x, and the standard error of that. */
export type Slope = { perUnit: number; error: number }

/**
 * Fits a line. What is left beside it need not be independent (memory that is given back now and then
 * goes up and down in long waves), so its correlation from one point to the next makes the error larger.
 */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): Slope | undefined {
  const count = points.length
  if (count < 4) return undefined
  const mean = (values: number[]) => values.reduce((sum, each) => sum + each, 0) / count
  const meanX = mean(points.map(([x]) => x))
  const meanY = mean(points.map(([, y]) => y))
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
  if (spread === 0) return undefined
  const perUnit = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread
  const left = points.map(([x, y]) => y - meanY - perUnit * (x - meanX))
  const squares = left.reduce((sum, each) => sum + each ** 2, 0)
  if (squares === 0) return { perUnit, error: 0 }
  const products = left.slice(1).reduce((sum, each, at) => sum + each * (left[at] ?? 0), 0)
  const correlation = Math.min(0.95, Math.max(0, products / squares))
  const inflation = Math.sqrt((1 + correlation) / (1 - correlation))
  return { perUnit, error: Math.sqrt(squares / (count - 2) / spread) * inflation }
}

/** Whether a slope is none, as far as can be told: within three errors of zero, or smaller than matters. */
export function isFlat({ perUnit, error }: Slope, negligiblePerUnit: number): boolean {
  return Math.abs(perUnit) <= Math.max(3 * error, negligiblePerUnit)
}
