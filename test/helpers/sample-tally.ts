import { bucketEdgesS, mostRecent, type Tally } from '../../src/registry/tally.ts'

/** What a monitor has counted that has run for years, through as many stages as there may be. */
export function fullTally(): Tally {
  const count = 10_000_000
  return {
    checks: { ok: count, failed: count, cannotJudge: count, discarded: count },
    recent: Array.from({ length: mostRecent }, (_, i) => [1_800_000_000_000 + i, 60_000, 1]),
    stages: Array.from({ length: 16 }, (_, i) => ({
      name: `negotiate${i}`,
      counts: bucketEdgesS.map(() => count),
      sumMs: 1_000_000_000.123,
      count,
    })),
    lastSuccessAt: '2026-01-01T00:00:31.000Z',
    pausedMs: 1_000_000_000,
  }
}
