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

t.test('shows slopes with their errors', async (t) => {
  const slope = { perUnit: 0.5, error: 0.25 }
  const growth = {
    measure: 'privateKiB',
    unit: 'KiB',
    first: 11_000,
    last: 11_020,
    slope,
    verdict: 'flat',
  } as const
  t.match(
    growthTable(new Map([['steady smb1', [growth]]])),
    /^steady smb1 +privateKiB +11000 KiB +11020 KiB +0\.500 +± 0\.250 +flat$/m,
  )
})
