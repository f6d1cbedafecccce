import { statSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { LicenseServer, machineIds } from '../../helpers/license-server.ts'

const productKey = '07lV5xcP-prQT6e8n-g2vJRdCq-RKgVtbNt' // AB123456, public secret
const trialKey = '07RE5tCr-90Z8kECW-KEAHBmTk-YDpPPbrs' // XX000000, 2025-12-01 to 2026-01-01
const success = 'command was success.\n'

t.test('the dialogue of the manual registers a license', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  const ran = await server.run(['-i', '-p', 'FSMON20'], { stdin: `1\nAB123456\n${productKey}\n` })
  t.equal(ran.err, '')
  t.equal(
    ran.out,
    [
      'Selection of product division',
      ' 1. Product',
      ' 2. Trial',
      'Select product division [1 or 2]...',
      'Enter serial number [Ex. XX000000]... ',
      'Enter license key',
      '[Ex. XXXXXXXX-XXXXXXXX-XXXXXXXX-XXXXXXXX]...',
      'command was success.',
      '',
    ].join('\n'),
  )
  t.equal(ran.status, 0)
  t.strictSame(server.serials(), ['AB123456'])
  t.equal(statSync(server.store).mode & 0o777, 0o600)
})

t.test('a key of the other division is refused', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  const ran = await server.run(['-i'], { stdin: `1\nXX000000\n${trialKey}\n` })
  t.equal(ran.status, 3)
  t.match(ran.err, /other division: Trial/)
  t.equal((await server.run(['-i'], { stdin: `2\nXX000000\n${trialKey}\n` })).status, 0)
})

t.test('licenses come from a file too, all of them or none', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  const file = server.path('licenses')
  const good = `# ours\nserial = AB123456\nkey = ${productKey}\n\nSerial=XX000000\r\nKEY = ${trialKey}\n`
  writeFileSync(file, good.replace('90Z8', '90Z9'))
  const refused = await server.run(['-i', file, '-p', 'FSMON20'])
  t.equal(refused.status, 1)
  t.match(refused.err, /line 6: .*checksum/)
  t.match((await server.run(['-l'])).out, /No license/)
  writeFileSync(file, good)
  t.strictSame(await server.run(['-i', file, '-p', 'FSMON20']), {
    status: 0,
    out: success,
    err: '',
  })
  t.strictSame(server.serials(), ['AB123456', 'XX000000'])
})
