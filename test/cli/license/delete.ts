import t from 'tap'
import { LicenseServer, machineIds } from '../../helpers/license-server.ts'

const productKey = '07lV5xcP-prQT6e8n-g2vJRdCq-RKgVtbNt' // AB123456, public secret
const trialKey = '07RE5tCr-90Z8kECW-KEAHBmTk-YDpPPbrs' // XX000000, 2025-12-01 to 2026-01-01
const success = 'command was success.\n'

t.test('a license is deleted by its serial number, the only one without', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  t.match(await server.run(['-d']), { status: 1, err: /No license/ })
  await server.run(['-i'], { stdin: `1\nAB123456\n${productKey}\n` })
  await server.run(['-i'], { stdin: `2\nXX000000\n${trialKey}\n` })
  t.match(await server.run(['-d']), { status: 2, err: /AB123456, XX000000/ })
  t.match(await server.run(['-d', 'ZZ999999']), { status: 1, err: /ZZ999999 is not registered/ })
  t.match(await server.run(['-d', 'AB123456']), { status: 0, out: success })
  t.strictSame(server.serials(), ['XX000000'])
  t.match(await server.run(['-d', '-p', 'FSMON20']), { status: 0, out: success })
  t.strictSame(server.serials(), [])
})
