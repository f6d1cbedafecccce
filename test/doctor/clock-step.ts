import { join } from 'node:path'
import t from 'tap'
import { clockSynchronised, judgeClock } from '../../src/doctor/clock-step.ts'
import type { RunProgram } from '../../src/doctor/program-output.ts'

const now = new Date('2026-11-21T00:00:00Z')
const installed = new Date('2026-01-01T00:00:00Z')

t.test('a clock before the installation is wrong, whoever keeps it', async (t) => {
  const early = new Date('2025-12-30T00:00:00Z')
  t.match(judgeClock({ now: early, installed, synchronised: 'yes' }), [
    { grade: 'failure', what: 'behind' },
  ])
  const sameDay = new Date('2025-12-31T12:00:00Z')
  t.match(judgeClock({ now: sameDay, installed, synchronised: 'yes' }), [{ grade: 'ok' }])
})

for (const [synchronised, grade] of [
  ['yes', 'ok'],
  ['no', 'warning'],
  ['unknown', 'note'],
] as const) {
  t.test(`synchronised: ${synchronised} is ${grade}`, async (t) => {
    t.match(judgeClock({ now, installed, synchronised }), [{ grade }])
  })
}

const saying = (said: Record<string, string>): RunProgram => {
  return async (file) => {
    const out = said[file]
    return { status: out === undefined ? undefined : 0, out: out ?? '', err: '' }
  }
}

for (const [said, expected] of [
  [{ chronyc: 'Reference ID    : 0\nLeap status     : Normal\n' }, 'yes'],
  [{ chronyc: 'Leap status     : Insert second\n' }, 'yes'],
  [{ chronyc: 'Leap status     : Not synchronised\n', timedatectl: 'yes\n' }, 'no'],
  [{ timedatectl: 'yes\n' }, 'yes'],
  [{ timedatectl: 'no\n' }, 'no'],
  [{ timedatectl: 'Failed to connect to bus\n' }, 'unknown'],
  [{}, 'unknown'],
] as const) {
  t.test(`${JSON.stringify(said)} means ${expected}`, async (t) => {
    const { signal } = new AbortController()
    const missing = join(t.testdir(), 'synchronized')
    t.equal(await clockSynchronised(saying(said), signal, missing), expected)
  })
}

t.test('the mark of systemd-timesyncd is believed', async (t) => {
  const mark = join(t.testdir({ synchronized: '' }), 'synchronized')
  t.equal(await clockSynchronised(saying({}), new AbortController().signal, mark), 'yes')
})
