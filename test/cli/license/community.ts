import t from 'tap'
import { LicenseServer, machineIds } from '../../helpers/license-server.ts'

const success = 'command was success.\n'

t.test('a server gets a license of its own in one step, and the same one again', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  t.match(await server.run(['--community']), { status: 0, out: success, err: /CM\d{6}/ })
  t.match(await server.run(['--community']), { status: 0, out: success, err: /already/ })
  t.equal(server.serials().length, 1)
  const other = new LicenseServer(t, 'node2', machineIds.two)
  await other.run(['--community'])
  t.not(other.serials()[0], server.serials()[0])
})
