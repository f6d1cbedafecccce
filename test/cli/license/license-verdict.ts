import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { licensePlaces } from '../../../src/cli/license/license-places.ts'
import { licenseVerdict } from '../../../src/cli/license/license-verdict.ts'
import { LicenseServer, machineIds } from '../../helpers/license-server.ts'

const trialKey = '07RE5tCr-90Z8kECW-KEAHBmTk-YDpPPbrs' // XX000000, 2025-12-01 to 2026-01-01
const issuerKey = '07RE5tCt-e9hDHgSK-t0oc6K53-e5GcRHt9'

async function ask(server: LicenseServer, now = '2025-12-15T12:00:00Z', shared?: string) {
  return licenseVerdict({
    places: licensePlaces(server.root),
    shared,
    hostName: () => server.hostName,
    now: new Date(now),
  })
}

t.test('without a license a monitor hears of it', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  t.match(await ask(server), { verdict: { kind: 'none', alertId: 51 } })
})

const zones: Record<string, [instant: string, kind: string][]> = {
  'Asia/Tokyo': [
    ['2025-11-30T14:59:59Z', 'not-yet'],
    ['2025-11-30T15:00:00Z', 'trial'],
    ['2026-01-01T14:59:59Z', 'trial'],
    ['2026-01-01T15:00:00Z', 'expired'],
  ],
  'America/Los_Angeles': [
    ['2025-12-01T07:59:59Z', 'not-yet'],
    ['2025-12-01T08:00:00Z', 'trial'],
    ['2026-01-02T07:59:59Z', 'trial'],
    ['2026-01-02T08:00:00Z', 'expired'],
  ],
}

for (const [zone, rows] of Object.entries(zones)) {
  t.test(`a trial is good from its first to its last midnight in ${zone}`, async (t) => {
    const before = process.env.TZ
    t.teardown(() => {
      if (before === undefined) delete process.env.TZ
      else process.env.TZ = before
    })
    process.env.TZ = zone
    const server = new LicenseServer(t, 'node1', machineIds.one)
    await server.run(['-i'], { stdin: `2\nXX000000\n${trialKey}\n` })
    for (const [instant, kind] of rows) t.match(await ask(server, instant), { verdict: { kind } })
  })
}

t.test('a store cut off anywhere is 54, or a clean read', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  await server.run(['--community'])
  const whole = readFileSync(server.store)
  for (let length = 0; length < whole.length - 1; length++) {
    writeFileSync(server.store, whole.subarray(0, length))
    t.match(await ask(server), { verdict: { alertId: 54, reason: /license.json: damaged/ } })
  }
  writeFileSync(server.store, whole.subarray(0, whole.length - 1))
  t.match(await ask(server), { verdict: { kind: 'good' } })
})

t.test('a store that was copied to another machine overlaps', async (t) => {
  const one = new LicenseServer(t, 'node1', machineIds.one)
  await one.run(['--community'])
  const two = new LicenseServer(t, 'node2', machineIds.two, join(one.root, '..'))
  cpSync(one.path('var'), two.path('var'), { recursive: true })
  t.match(await ask(one), { verdict: { kind: 'good' } })
  t.match(await ask(two), { verdict: { kind: 'overlap', alertId: 56 } })
  await two.run(['--community'])
  t.match(await ask(two), { verdict: { kind: 'good' } }, 'a license of its own mends it')
})

t.test('one license on two servers that share a directory overlaps on both', async (t) => {
  const root = t.testdir({ shared: {} })
  const shared = join(root, 'shared')
  const servers = [
    new LicenseServer(t, 'node1', machineIds.one, root),
    new LicenseServer(t, 'node2', machineIds.two, root),
  ] as const
  for (const server of servers) {
    await server.run(['-i'], { stdin: `2\nXX000000\n${trialKey}\n` })
  }
  const [one, two] = servers
  const now = '2025-12-15T12:00:00Z'
  t.match(await ask(one, now, shared), { verdict: { kind: 'trial' } }, 'the first to say so')
  t.match(await ask(two, now, shared), { verdict: { alertId: 56, with: 'node1' } })
  t.match(await ask(one, now, shared), { verdict: { alertId: 56, with: 'node2' } })
})

t.test('a shared directory that cannot be looked at is noted and holds nobody up', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  await server.run(['--community'])
  const answer = await ask(server, undefined, server.path('none'))
  t.match(answer, { verdict: { kind: 'good' }, note: /none/ })
})

t.test("keys of an issuer are good while the issuer's secret is there", async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  server.write('etc/clp-fsmon/issuer.key', 'a secret of an issuer\n')
  await server.run(['-i'], { stdin: `2\nXX000000\n${issuerKey}\n` })
  t.match(await ask(server), { verdict: { kind: 'trial' } })
  server.write('etc/clp-fsmon/issuer.key', 'short\n')
  t.match(await ask(server), { verdict: { alertId: 54, reason: /XX000000; .*issuer.key: short/ } })
})

t.test("a community license stays good when an issuer's secret comes", async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  await server.run(['--community'])
  server.write('etc/clp-fsmon/issuer.key', 'a secret of an issuer\n')
  t.match(await ask(server), { verdict: { kind: 'good' } })
})
