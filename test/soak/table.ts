import t from 'tap'
import type { Finding } from '../../scripts/soak.d/ground.ts'
import { growthTable, verdictTable } from '../../scripts/soak.d/table.ts'

t.test('counts what came to what', async (t) => {
  const finding: Finding = {
    ground: 'samba',
    id: 'smb1',
    fault: 'frozen',
    kind: 'long',
    judgement: 'found',
    partOfPromise: 0.5,
  }
  const table = verdictTable([
    finding,
    { ...finding, partOfPromise: 0.98 },
    { ...finding, judgement: 'missed' },
    { ...finding, fault: 'none', kind: 'healthy', judgement: 'false' },
  ])
  t.equal(
    table,
    [
      'fault          cases  survived  found  false  missed  unclear  slowest',
      'frozen, long       3         0      2      0       1        0     98 %',
      'none, healthy      1         0      0      1       0        0',
      'all                4         0      2      1       1        0     98 %',
    ].join('\n'),
  )
})

t.test('shows slopes with their errors, and when there would be twice as much', async (t) => {
  const slope = { perUnit: 0.5, error: 0.25 }
  const memory = {
    measure: 'heapBytes',
    per: 'check',
    first: 5_200_000,
    last: 5_201_000,
    slope,
    doublingYears: 4.94,
    verdict: 'flat',
  } as const
  const never = { ...memory, measure: 'mallocBytes', doublingYears: Infinity } as const
  const { doublingYears: _, ...files } = { ...memory, measure: 'files', per: 'minute' } as const
  const table = growthTable(new Map([['calm smb1', [memory, never, files]]]))
  const numbers = '5,200,000 +5,201,000 +0\\.500 +± 0\\.250'
  t.match(table, new RegExp(`^calm smb1 +heapBytes +${numbers} +check +4\\.9 years +flat$`, 'm'))
  t.match(table, new RegExp(`^calm smb1 +mallocBytes +${numbers} +check +> 100 years +flat$`, 'm'))
  t.match(table, new RegExp(`^calm smb1 +files +${numbers} +minute +flat$`, 'm'))
})
