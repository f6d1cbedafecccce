import t from 'tap'
import { issuerFile, licensePlaces } from '../../../src/cli/license/license-places.ts'

t.test('licenses lie with the system, or below the directory of a trial', async (t) => {
  const system = licensePlaces(undefined)
  t.equal(system.lib, '/var/lib/clp-fsmon')
  t.equal(issuerFile(system), '/etc/clp-fsmon/issuer.key')
  t.equal(system.machineIdFiles[0], '/etc/machine-id')
  const trial = licensePlaces('/tmp/trial')
  t.equal(trial.lib, '/tmp/trial/var/lib/clp-fsmon')
  t.equal(issuerFile(trial), '/tmp/trial/etc/clp-fsmon/issuer.key')
  t.equal(trial.machineIdFiles[0], '/tmp/trial/etc/machine-id')
})
