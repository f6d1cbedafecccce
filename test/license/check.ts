import t from 'tap'
import { checkLicense, type HeldLicense } from '../../src/license/check.ts'

const day = 9466
const forever: HeldLicense = {
  product: 'FSMON20',
  serial: 'AA000001',
  terms: { division: 'product', from: 0, until: 0 },
}
const trial: HeldLicense = {
  product: 'FSMON20',
  serial: 'TT000001',
  terms: { division: 'trial', from: day, until: day + 30 },
}
const unreadable: HeldLicense = { product: 'FSMON20', serial: 'ZZ000001', terms: undefined }
const elsewhere = { ...forever, overlapsWith: 'node2' }

const rows: [name: string, held: HeldLicense[], today: number, expected: object][] = [
  ['nothing', [], day, { kind: 'none', alertId: 51 }],
  ['another product', [{ ...forever, product: 'OTHER' }], day, { kind: 'none', alertId: 51 }],
  ['a product', [forever], day, { kind: 'good', alertId: undefined, serial: 'AA000001' }],
  ['the day before', [trial], day - 1, { kind: 'not-yet', alertId: 55, from: day }],
  ['the first day', [trial], day, { kind: 'trial', alertId: 52, until: day + 30, daysLeft: 30 }],
  ['the last day', [trial], day + 30, { kind: 'trial', alertId: 52, daysLeft: 0 }],
  ['the day after', [trial], day + 31, { kind: 'expired', alertId: 53, until: day + 30 }],
  [
    'a product that ends',
    [{ ...forever, terms: { division: 'product', from: 0, until: day + 3 } }],
    day,
    { kind: 'good', alertId: undefined, until: day + 3, daysLeft: 3 },
  ],
  ['a key not good for its serial', [unreadable], day, { kind: 'unreadable', alertId: 54 }],
  ['held by another server too', [elsewhere], day, { kind: 'overlap', alertId: 56, with: 'node2' }],
  ['held elsewhere, but one is not', [elsewhere, trial], day, { kind: 'trial' }],
  ['one that is good among bad ones', [unreadable, trial, forever], day, { kind: 'good' }],
  ['an old trial and a product', [trial, forever], day + 99, { kind: 'good' }],
  [
    'the one that ends last',
    [
      trial,
      { ...trial, serial: 'TT000002', terms: { division: 'trial', from: 1, until: day + 60 } },
    ],
    day,
    { kind: 'trial', serial: 'TT000002', daysLeft: 60 },
  ],
  [
    'a product before a trial with the same end',
    [
      trial,
      { ...trial, serial: 'PP000001', terms: { division: 'product', from: 1, until: day + 30 } },
    ],
    day,
    { kind: 'good', serial: 'PP000001' },
  ],
  [
    'the next of two to begin',
    [
      { ...trial, terms: { division: 'trial', from: day + 9, until: day + 10 } },
      {
        ...trial,
        serial: 'TT000002',
        terms: { division: 'trial', from: day + 5, until: day + 10 },
      },
    ],
    day,
    { kind: 'not-yet', serial: 'TT000002', from: day + 5 },
  ],
  [
    'one that has ended and one that has not begun',
    [
      { ...trial, terms: { division: 'trial', from: 1, until: 2 } },
      {
        ...trial,
        serial: 'TT000002',
        terms: { division: 'trial', from: day + 5, until: day + 10 },
      },
    ],
    day,
    { kind: 'not-yet', alertId: 55, from: day + 5 },
  ],
  [
    'the last of two to end',
    [
      { ...trial, terms: { division: 'trial', from: 1, until: 2 } },
      { ...trial, serial: 'TT000002', terms: { division: 'trial', from: 1, until: 3 } },
    ],
    day,
    { kind: 'expired', alertId: 53, until: 3 },
  ],
]

for (const [name, held, today, expected] of rows) {
  t.test(`judged: ${name}`, async (t) => {
    t.match(checkLicense(held, today, 'FSMON20'), expected)
  })
}
