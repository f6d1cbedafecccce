import t from 'tap'
import { installCommand } from '../../src/doctor/install-command.ts'

t.test('packages are installed by what this host has', async (t) => {
  t.equal(
    installCommand((program) => program === 'dnf' || program === 'yum'),
    'dnf install -y',
  )
  t.equal(
    installCommand(() => true),
    'apt-get install -y',
  )
  t.equal(
    installCommand(() => false),
    'apt-get install -y',
  )
})
