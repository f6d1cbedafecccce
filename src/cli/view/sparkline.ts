import type { RecentCheck } from '../../registry/tally.ts'

const blocks = '▁▂▃▄▅▆▇█'
const letters = '._-=+*#@'

/** What stands for a check that was not passed: failed, not judged, thrown away. */
const marks = ['', 'x', '?', '~'] as const

/** A check in a sparkline: its character, and whether it was passed. */
export type Spark = { character: string; isGood: boolean }

/**
 * The last checks, the newest at the end: the higher, the longer the server took, the slowest of them
 * being the highest; one that was not passed is a letter.
 */
export function sparkline(checks: readonly RecentCheck[], most: number, isUtf8: boolean): Spark[] {
  const shown = most < 1 ? [] : checks.slice(-most)
  const levels = isUtf8 ? blocks : letters
  const slowest = Math.max(1, ...shown.map(([, ms, verdict]) => (verdict === 0 ? ms : 0)))
  return shown.map(([, ms, verdict]) => {
    const level = Math.min(levels.length - 1, Math.floor((ms / slowest) * levels.length))
    const character = verdict === 0 ? (levels[level] ?? '') : marks[verdict]
    return { character, isGood: verdict === 0 }
  })
}
