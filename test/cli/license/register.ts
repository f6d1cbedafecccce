import { join } from 'node:path'
import t from 'tap'
import { LicenseServer, machineIds } from '../../helpers/license-server.ts'

const productKey = '07lV5xcP-prQT6e8n-g2vJRdCq-RKgVtbNt' // AB123456, public secret
const trialKey = '07RE5tCr-90Z8kECW-KEAHBmTk-YDpPPbrs' // XX000000, 2025-12-01 to 2026-01-01

t.test('a second key for a serial number takes the place of the first', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  await server.run(['-i'], { stdin: `2\nXX000000\n${trialKey}\n` })
  const days = ['--trial', '--from', '2025-12-01', '--until', '2027-01-01']
  const { out } = await server.run(['--issue', '--serial', 'XX000000', ...days])
  t.match(await server.run(['-i'], { stdin: `2\nXX000000\n${out}` }), {
    status: 0,
    err: /replaced/,
  })
  t.strictSame(server.serials(), ['XX000000'])
})

t.test('a trial that has ended, or not begun, is registered with a note', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  const stdin = `2\nXX000000\n${trialKey}\n`
  t.match(await server.run(['-i'], { stdin, now: '2026-01-02T12:00:00Z' }), {
    status: 0,
    err: /ended on 2026-01-01/,
  })
  t.match(await server.run(['-i'], { stdin, now: '2025-11-30T12:00:00Z' }), {
    status: 0,
    err: /begins on 2025-12-01/,
  })
})

t.test('one key on two servers overlaps, when they share a directory', async (t) => {
  const shared = join(t.testdir({ shared: {} }), 'shared')
  const toml = `[license]\nshared = "${shared}"\n`
  const one = new LicenseServer(t, 'node1', machineIds.one, join(shared, '..'))
  const two = new LicenseServer(t, 'node2', machineIds.two, join(shared, '..'))
  for (const server of [one, two]) server.write('etc/clp-fsmon/clp-fsmon.toml', toml)
  const stdin = `1\nAB123456\n${productKey}\n`
  t.equal((await one.run(['-i'], { stdin })).status, 0)
  const refused = await two.run(['-i'], { stdin })
  t.equal(refused.status, 1)
  t.match(refused.err, /The registration license overlaps\..* node1/)
  t.match((await two.run(['-l'])).out, /No license/)
  t.equal((await one.run(['-i'], { stdin })).status, 0, 'the owner may register again')
  t.equal((await one.run(['-d'])).status, 0)
  t.equal((await two.run(['-i'], { stdin })).status, 0, 'free after it was deleted there')
})

t.test('a shared directory that is gone is noted, and in nobody’s way', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  server.write('etc/clp-fsmon/clp-fsmon.toml', `[license]\nshared = "${server.path('none')}"\n`)
  t.match(await server.run(['--community']), { status: 0, err: /none, was not looked at/ })
  t.match(await server.run(['-d']), { status: 0, err: /none, was not looked at/ })
})
