import t from 'tap'
import { judgeLicense, lookAtLicense } from '../../../../src/cli/fsmon/doctor/license-step.ts'
import { fakeIo } from '../../../helpers/fake-io.ts'
import { LicenseServer, machineIds } from '../../../helpers/license-server.ts'

t.test('each verdict on a license has its grade', async (t) => {
  t.match(judgeLicense({ kind: 'good', alertId: undefined, serial: 'XX000000' }), { grade: 'ok' })
  const trial = { kind: 'trial', alertId: 52, serial: 'XX000000', until: 9500 } as const
  t.match(judgeLicense({ ...trial, daysLeft: 31 }), { grade: 'ok' })
  t.match(judgeLicense({ ...trial, daysLeft: 30 }), { grade: 'warning', values: { days: 30 } })
  t.match(judgeLicense({ kind: 'none', alertId: 51 }), {
    grade: 'failure',
    what: 'none',
    values: { id: 51, text: 'The license of clp_sambamon is not registered.' },
  })
  t.match(judgeLicense({ kind: 'unreadable', alertId: 54, reason: 'x' }), { what: 'unreadable' })
})

t.test('the store of this server is looked at', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  const io = fakeIo({ CLP_FSMON_ROOT: server.root })
  t.match(await lookAtLicense(io, new Date()), [{ grade: 'failure', what: 'none' }])
  await server.run(['--community'])
  t.match(await lookAtLicense(io, new Date()), [{ grade: 'ok', what: 'good' }])
})
