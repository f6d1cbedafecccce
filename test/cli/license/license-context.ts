import { chmodSync, readFileSync, statSync, truncateSync } from 'node:fs'
import t from 'tap'
import { LicenseServer, machineIds } from '../../helpers/license-server.ts'

const productKey = '07lV5xcP-prQT6e8n-g2vJRdCq-RKgVtbNt' // AB123456, public secret

t.test("an issuer's secret that cannot be trusted stops everything that needs it", async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  server.write('etc/clp-fsmon/issuer.key', 'a secret of an issuer\n')
  chmodSync(server.path('etc/clp-fsmon/issuer.key'), 0o644)
  for (const argv of [['--issue', '--serial', 'AB123456'], ['--community']]) {
    t.match(await server.run(argv), { status: 5, out: '', err: /chmod 600/ })
  }
})

t.test('a damaged store is named, and can be registered over', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  await server.run(['-i'], { stdin: `1\nAB123456\n${productKey}\n` })
  truncateSync(server.store, statSync(server.store).size - 2)
  const half = readFileSync(server.store, 'utf8')
  t.match(await server.run(['-l']), { status: 5, err: /license.json: it is damaged/ })
  t.match(await server.run(['-d']), { status: 5 })
  t.match(await server.run(['--community']), { status: 0, err: /put aside as .*unreadable/ })
  t.equal(readFileSync(`${server.store}.unreadable`, 'utf8'), half)
  t.match(await server.run(['-l']), { status: 0, out: /CM\d{6}/ })
})

t.test('a store that cannot be written is an error in words', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  server.write('var/lib', 'a file')
  t.match(await server.run(['--community']), { status: 5, err: /ENOTDIR|EEXIST/ })
  const open = new LicenseServer(t, 'node2', machineIds.one)
  open.write('var/lib/clp-fsmon/other', '')
  chmodSync(open.path('var/lib/clp-fsmon'), 0o777)
  t.match(await open.run(['--community']), { status: 5, err: /chmod 700/ })
  const bare = new LicenseServer(t, 'node3', '')
  bare.write('var', 'a file')
  t.match(await bare.run(['-d']), { status: 5 })
})

t.test('a configuration that is wrong is refused with its line', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  server.write('etc/clp-fsmon/clp-fsmon.toml', '[license]\n\nshared = "here"\n')
  t.match(await server.run(['--community']), {
    status: 2,
    err: /clp-fsmon.toml:3: license.shared: .*full path/,
  })
  t.match(await server.run(['--community', '--lang', 'ja']), { status: 2, err: /絶対パス/ })
})
