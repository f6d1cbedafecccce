import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { unitSettings } from '../../../../src/cli/fsmon/doctor/unit-settings.ts'

const none = { clp_sambamon: {}, clp_nfsmon: {} }

t.test("a unit's settings are read as the unit hands them on", async (t) => {
  const text =
    "# x\nSHARE='my pub'\nADDRESS=\"192.0.2.1\"\nCREDENTIALS=/etc/x.cred\nWAIT=7\nRETRIES=''\n"
  t.match(unitSettings(text, none), {
    command: 'clp_sambamon',
    share: 'my pub',
    address: '192.0.2.1',
    credentialsFile: '/etc/x.cred',
    timing: { waitS: 7, retries: 5 },
  })
  t.match(unitSettings('DIRECTORY=/srv\nPORT=2049\nINTERVAL=3\n', none), {
    command: 'clp_nfsmon',
    directory: '/srv',
    nfsPort: 2049,
    timing: { intervalS: 3 },
  })
})

t.test('the templates are read, and other files are none of ours', async (t) => {
  const template = (name: string) =>
    readFileSync(join(import.meta.dirname, '../../../../templates/systemd', name), 'utf8')
  t.match(unitSettings(template('samba.env'), none), { command: 'clp_sambamon', share: 'XXXX' })
  t.throws(() => unitSettings(template('nfs.env'), none), /not-absolute/)
  t.equal(unitSettings('OTHER=1\n', none), undefined)
})

t.test('what a monitor would refuse is refused', async (t) => {
  t.throws(() => unitSettings('SHARE=x\nWAIT=never\n', none), /not-a-number/)
  t.throws(() => unitSettings("SHARE=''\n", none), /missing-target/)
})
