/** How checks end; a recent check names its verdict by its place in this list. */
export const verdicts = ['ok', 'failed', 'cannot-judge', 'discarded'] as const

/** The place of a verdict in the list of verdicts. */
export type VerdictCode = 0 | 1 | 2 | 3

/** One check, kept short: when it ended (milliseconds since 1970), how long it took, its verdict. */
export type RecentCheck = readonly [atMs: number, ms: number, verdict: VerdictCode]

/** How long a stage took over all checks. */
export type StageTally = {
  name: string
  /** for each edge, how many took at most so long; those that took longer are in `count` alone */
  counts: number[]
  sumMs: number
  count: number
}

/** What a monitor has counted since it started. */
export type Tally = {
  /** how many checks ended in which verdict */
  checks: { ok: number; failed: number; cannotJudge: number; discarded: number }
  /** the last checks, the oldest first */
  recent: RecentCheck[]
  /** how long each stage took, in the order in which they were first seen */
  stages: StageTally[]
  /** when a check last succeeded */
  lastSuccessAt?: string
  /** the time spent in pauses that are over; the present one is told by `pausedSince` */
  pausedMs: number
}

/** The edges by which times are counted, in seconds. */
export const bucketEdgesS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60,
] as const

/** So many of the last checks are kept. */
export const mostRecent = 60

/** Whether a value is a tally of these edges; one of another product version may not be. */
export function isTally(value: unknown): value is Tally {
  if (!isObject(value)) return false
  const { checks, recent, stages, lastSuccessAt, pausedMs } = value
  return (
    isObject(checks) &&
    ['ok', 'failed', 'cannotJudge', 'discarded'].every((name) => isCount(checks[name])) &&
    Array.isArray(recent) &&
    recent.length <= mostRecent &&
    recent.every(isRecentCheck) &&
    Array.isArray(stages) &&
    stages.every(isStageTally) &&
    (lastSuccessAt === undefined || typeof lastSuccessAt === 'string') &&
    isCount(pausedMs)
  )
}

function isRecentCheck(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 3 || !value.every(isCount)) return false
  const code: unknown = value[2]
  return typeof code === 'number' && verdicts[code] !== undefined
}

function isStageTally(value: unknown): boolean {
  if (!isObject(value)) return false
  const { name, counts, sumMs, count } = value
  return (
    typeof name === 'string' &&
    Array.isArray(counts) &&
    counts.length === bucketEdgesS.length &&
    counts.every(isCount) &&
    isCount(sumMs) &&
    isCount(count)
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0
}
