import t from 'tap'
import {
  licenseAnnouncement,
  licenseReminder,
  mayStart,
  type LicenseMemory,
} from '../../../src/cli/license/license-announcement.ts'
import type { LicenseVerdict } from '../../../src/license/check.ts'

const serial = 'AB123456'
const trial = (daysLeft: number): LicenseVerdict => ({
  kind: 'trial',
  alertId: 52,
  serial,
  until: 9497,
  daysLeft,
})
const expired: LicenseVerdict = { kind: 'expired', alertId: 53, serial, until: 9497 }

t.test('a start says what its license is, with the date of the alert', async (t) => {
  const rows: [verdict: LicenseVerdict, starts: boolean, announcement: object | undefined][] = [
    [{ kind: 'good', alertId: undefined, serial }, true, undefined],
    [trial(17), true, { id: 52, text: '01/01/2026', detail: { serial, daysLeft: 17 } }],
    [{ kind: 'none', alertId: 51 }, false, { id: 51 }],
    [expired, false, { id: 53, text: '01/01/2026', detail: { serial } }],
    [{ kind: 'unreadable', alertId: 54, reason: 'r' }, false, { id: 54, detail: { reason: 'r' } }],
    [
      { kind: 'not-yet', alertId: 55, serial, from: 9466 },
      false,
      { id: 55, text: '12/01/2025', detail: { serial } },
    ],
    [
      { kind: 'overlap', alertId: 56, serial, with: 'node2' },
      false,
      { id: 56, detail: { serial, host: 'node2' } },
    ],
  ]
  for (const [verdict, starts, announcement] of rows) {
    t.strictSame(licenseAnnouncement(verdict), announcement, verdict.kind)
    t.equal(mayStart(verdict), starts, verdict.kind)
  }
})

t.test(
  'a monitor that runs past the end of its trial warns three times and tells once',
  async (t) => {
    const said: [left: number, id: number | undefined][] = []
    let memory: LicenseMemory = {}
    for (let left = 45; left >= -5; left--) {
      const reminder = licenseReminder(left < 0 ? expired : trial(left), memory)
      memory = reminder.memory
      if (reminder.announcement !== undefined) said.push([left, reminder.announcement.id])
    }
    t.strictSame(said, [
      [30, 52],
      [7, 52],
      [1, 52],
      [-1, 53],
    ])
  },
)

t.test('a license without an end is never spoken of', async (t) => {
  const good: LicenseVerdict = { kind: 'good', alertId: undefined, serial }
  t.strictSame(licenseReminder(good, {}), { memory: {} })
  t.strictSame(licenseReminder(good, { warnedAt: 7, toldOfEnd: true }), { memory: {} })
})

t.test('a product license with an end is warned about as well', async (t) => {
  const ending: LicenseVerdict = {
    kind: 'good',
    alertId: undefined,
    serial,
    until: 9497,
    daysLeft: 7,
  }
  t.match(licenseReminder(ending, {}), { announcement: { id: 52, text: '01/01/2026' } })
})

t.test('a trial that was prolonged is warned about anew', async (t) => {
  const { memory } = licenseReminder(trial(1), {})
  const prolonged = licenseReminder(trial(60), memory)
  t.strictSame(prolonged, { memory: {} })
  t.match(licenseReminder(trial(30), prolonged.memory), { announcement: { id: 52 } })
})
