import t from 'tap'
import type { NetworkInterfaceInfo } from 'node:os'
import { isHere } from '../../../src/cli/repair/is-here.ts'

t.test('a server is here when its address is one of this host now', (t) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all that is looked at
  const one = (address: string) => ({ address }) as NetworkInterfaceInfo
  const interfaces = () => ({ eth0: [one('192.0.2.10'), one('fe80::1')], none: undefined })
  const here = (address: string) => isHere(address, 'server1', interfaces)
  for (const address of ['127.0.0.1', '127.1.2.3', '::1', 'localhost', 'server1', '192.0.2.10']) {
    t.ok(here(address), address)
  }
  t.ok(here('fe80::1%eth0'))
  for (const address of ['192.0.2.11', 'server2', '::2', '']) t.notOk(here(address), address)
  t.ok(isHere('127.0.0.1', 'server1'))
  t.end()
})
