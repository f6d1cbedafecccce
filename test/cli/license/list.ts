import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { LicenseServer, machineIds } from '../../helpers/license-server.ts'

const productKey = '07lV5xcP-prQT6e8n-g2vJRdCq-RKgVtbNt' // AB123456, public secret
const trialKey = '07RE5tCr-90Z8kECW-KEAHBmTk-YDpPPbrs' // XX000000, 2025-12-01 to 2026-01-01

t.test('the list shows what is registered, and no key', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  await server.run(['-i'], { stdin: `1\nAB123456\n${productKey}\n` })
  await server.run(['-i'], { stdin: `2\nXX000000\n${trialKey}\n` })
  const ran = await server.run(['-l'])
  t.equal(ran.status, 0)
  const lines = ran.out.split('\n')
  t.match(lines[1], /^FSMON20 +AB123456 +Product +no end +2025-12-15$/)
  t.match(lines[2], /^FSMON20 +XX000000 +Trial +2025-12-01 to 2026-01-01 +2025-12-15$/)
  for (const group of [productKey, trialKey].flatMap((key) => key.split('-'))) {
    t.notMatch(ran.out, group)
  }
  t.match((await server.run(['-l'], { now: '2026-02-01T12:00:00Z' })).out, /ended/)
  t.match((await server.run(['-l'], { now: '2025-11-01T12:00:00Z' })).out, /not begun/)
  t.match((await server.run(['-l', '--lang', 'ja'])).out, /試用版/)
})

t.test('a list names what is wrong with a license', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  server.write('etc/clp-fsmon/issuer.key', 'a secret of an issuer\n')
  const key = '07RE5tCt-e9hDHgSK-t0oc6K53-e5GcRHt9'
  t.equal((await server.run(['-i'], { stdin: `2\nXX000000\n${key}\n` })).status, 0)
  server.write('etc/clp-fsmon/issuer.key', 'another secret of an issuer\n')
  t.match((await server.run(['-l'])).out, /XX000000 .*not good for this serial/)
  server.write('etc/machine-id', machineIds.two)
  t.match((await server.run(['-l'])).out, /also held by machine/)
})

t.test('a list knows what other servers say is theirs, and does without it', async (t) => {
  const shared = t.testdir({ claims: {} })
  const directory = join(shared, 'claims')
  const server = new LicenseServer(t, 'node1', machineIds.one, shared)
  await server.run(['-i'], { stdin: `1\nAB123456\n${productKey}\n` })
  server.write('etc/clp-fsmon/clp-fsmon.toml', `[license]\nshared = "${directory}"\n`)
  t.notMatch((await server.run(['-l'])).out, /also held/)
  t.strictSame(readdirSync(directory), [], 'to look is no claim')
  writeFileSync(join(directory, `FSMON20.AB123456.${'2'.repeat(32)}.node2`), '')
  t.match((await server.run(['-l'])).out, /AB123456 .*also held by node2/)
  rmSync(directory, { recursive: true })
  const alone = await server.run(['-l'])
  t.match(alone, { status: 0, out: /AB123456/, err: /was not looked at/ })
})
