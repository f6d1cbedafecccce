/** A quantile, between the two samples that are nearest to it; undefined of none. */
export function quantile(samples, share) {
  if (samples.length === 0) return undefined
  const sorted = samples.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)]
  return below + (sorted[Math.ceil(place)] - below) * (place % 1)
}

/** The sample in the middle. */
export function median(samples) {
  return quantile(samples, 0.5)
}

/** The median absolute deviation: how far from the median half of the samples stay. */
export function deviation(samples) {
  const middle = median(samples)
  return median(samples.map((sample) => Math.abs(sample - middle)))
}

/** Median, quartiles, and how many they are of; undefined of none. */
export function summary(samples) {
  if (samples.length === 0) return undefined
  const [low, value, high] = [0.25, 0.5, 0.75].map((share) => quantile(samples, share))
  return { value, low, high, n: samples.length }
}
