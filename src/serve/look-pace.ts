/** However long a look took, one that was waited for in vain above all: whoever is back is seen soon. */
const mostPauseMs = 5000

/** How long to wait before the next look: where there is much to look at, it is looked at less often. */
export function pauseAfter(tookMs: number, everyMs: number): number {
  return Math.max(everyMs, Math.min(tookMs * 10, mostPauseMs))
}
