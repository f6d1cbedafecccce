/** The word that is written most like another one, if any is written nearly like it. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const most = Math.min(3, Math.max(1, Math.floor(word.length / 3)))
  let best: { word: string; distance: number } | undefined
  for (const candidate of words) {
    const distance = distanceOf(plain(word), plain(candidate))
    if (distance <= most && (best === undefined || distance < best.distance)) {
      best = { word: candidate, distance }
    }
  }
  return best?.word
}

/** Whoever writes retry_interval or retryInterval means retry-interval. */
function plain(word: string): string {
  return word.toLowerCase().replace(/[-_ ]/g, '').slice(0, 100)
}

/** How many letters are to be added, left out, exchanged or swapped with their neighbour. */
function distanceOf(one: string, other: string): number {
  let before: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let row = 1; row <= one.length; row += 1) {
    const next = [row]
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1]
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      next.push(
        Math.min(
          (last[column] ?? 0) + 1,
          (next[column - 1] ?? 0) + 1,
          (last[column - 1] ?? 0) + (isSame ? 0 : 1),
          isSwapped && row > 1 ? (before[column - 2] ?? 0) + 1 : Infinity,
        ),
      )
    }
    before = last
    last = next
  }
  return last[other.length] ?? 0
}
