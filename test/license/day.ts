import t, { type Test } from 'tap'
import { alertDate, isoDate, localDay, parseDay } from '../../src/license/day.ts'

function inZone(t: Test, zone: string): void {
  const before = process.env.TZ
  t.teardown(() => {
    if (before === undefined) delete process.env.TZ
    else process.env.TZ = before
  })
  process.env.TZ = zone
}

const edges: Record<string, [instant: string, day: string][]> = {
  'Asia/Tokyo': [
    ['2025-11-30T14:59:59.999Z', '2025-11-30'],
    ['2025-11-30T15:00:00.000Z', '2025-12-01'],
    ['2025-12-31T14:59:59.999Z', '2025-12-31'],
    ['2025-12-31T15:00:00.000Z', '2026-01-01'],
    ['1999-12-31T15:00:00.000Z', '2000-01-01'],
  ],
  'America/Los_Angeles': [
    ['2025-12-01T07:59:59.999Z', '2025-11-30'],
    ['2025-12-01T08:00:00.000Z', '2025-12-01'],
    // The day that summer time starts has 23 hours …
    ['2026-03-08T07:59:59.999Z', '2026-03-07'],
    ['2026-03-08T08:00:00.000Z', '2026-03-08'],
    ['2026-03-09T06:59:59.999Z', '2026-03-08'],
    ['2026-03-09T07:00:00.000Z', '2026-03-09'],
    // … and the day that it ends has 25.
    ['2026-11-01T06:59:59.999Z', '2026-10-31'],
    ['2026-11-01T07:00:00.000Z', '2026-11-01'],
    ['2026-11-02T07:59:59.999Z', '2026-11-01'],
    ['2026-11-02T08:00:00.000Z', '2026-11-02'],
  ],
  'Pacific/Kiritimati': [['2025-12-31T10:00:00.000Z', '2026-01-01']],
  UTC: [
    ['2000-01-01T00:00:00.000Z', '2000-01-01'],
    ['2028-02-29T23:59:59.999Z', '2028-02-29'],
  ],
}

for (const [zone, rows] of Object.entries(edges)) {
  t.test(`a day ends at midnight in ${zone}`, async (t) => {
    inZone(t, zone)
    for (const [instant, day] of rows) t.equal(isoDate(localDay(new Date(instant))), day, instant)
  })
}

t.test('days count from the first of 2000', async (t) => {
  t.equal(parseDay('2000-01-02'), 1)
  t.equal(parseDay('2025-12-01'), 9466)
  t.equal(parseDay('12/01/2025'), 9466)
  t.equal(alertDate(9466), '12/01/2025')
  t.equal(isoDate(9466), '2025-12-01')
  t.equal(parseDay('2179-06-06'), 0xffff)
})

t.test('what is no day, or beyond what a key can hold, is refused', async (t) => {
  const wrong = [
    '',
    'tomorrow',
    '2025-02-29',
    '2025-13-01',
    '2025-00-10',
    '2025-01-32',
    '25-01-01',
    '2025-1-1',
    '13/01/2025',
    '2025/01/01',
    '2000-01-01',
    '1999-12-31',
    '2179-06-07',
    ' 2025-01-01',
    '0050-01-01',
  ]
  for (const text of wrong) t.equal(parseDay(text), undefined, text)
})
