import t from 'tap'
import { LicenseServer, machineIds } from '../../helpers/license-server.ts'

const productKey = '07lV5xcP-prQT6e8n-g2vJRdCq-RKgVtbNt' // AB123456, public secret
const trialKey = '07RE5tCr-90Z8kECW-KEAHBmTk-YDpPPbrs' // XX000000, 2025-12-01 to 2026-01-01

t.test('issued keys can be registered', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  const issued = await server.run(['--issue', '--serial', 'AB123456'])
  t.equal(issued.out, `${productKey}\n`)
  t.match(issued.err, /public secret/)
  const days = ['--from', '2025-12-01', '--until', '01/01/2026']
  const trial = await server.run(['--issue', '--serial', 'XX000000', '--trial', ...days])
  t.equal(trial.out, `${trialKey}\n`)
  server.write('etc/clp-fsmon/issuer.key', 'a secret of an issuer\n')
  const own = await server.run(['--issue', '--serial', 'XX000000', '--trial', ...days])
  t.strictSame(own, { status: 0, out: '07RE5tCt-e9hDHgSK-t0oc6K53-e5GcRHt9\n', err: '' })
  const ran = await server.run(['-i'], { stdin: `2\nXX000000\n${trialKey}\n` })
  t.match(ran.err, /checksum/, 'where there is an issuer, the public secret is not good')
})
