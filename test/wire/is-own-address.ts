import type { NetworkInterfaceInfo } from 'node:os'
import t from 'tap'
import { isOwnAddress } from '../../src/wire/is-own-address.ts'

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all that is looked at
const one = (address: string) => ({ address }) as NetworkInterfaceInfo
const interfaces = {
  eth0: [one('192.0.2.10'), one('2001:db8::1'), one('fe80::1')],
  none: undefined,
}

t.test('an address is this host’s when an interface has it now, however it is written', (t) => {
  for (const address of [
    '192.0.2.10',
    '::ffff:192.0.2.10',
    '2001:db8::1',
    '2001:DB8:0:0:0:0:0:1',
    'fe80::1%eth0',
  ]) {
    t.ok(isOwnAddress(address, { interfaces }), address)
    t.notOk(isOwnAddress(address, { interfaces: {} }), `${address} that has gone`)
  }
  for (const address of ['192.0.2.11', '2001:db8::2', '::2', '', '192.0.2', '192.0.2.100']) {
    t.notOk(isOwnAddress(address, { interfaces }), address)
  }
  t.end()
})

t.test('so are those that never lead anywhere else', (t) => {
  for (const address of ['127.0.0.1', '127.8.8.8', '::1', '0.0.0.0', '::', 'localhost']) {
    t.ok(isOwnAddress(address, { interfaces: {} }), address)
  }
  t.ok(isOwnAddress('127.0.0.1'))
  t.end()
})

t.test('a name is where it is that of this host, and it is asked for', (t) => {
  t.ok(isOwnAddress('server1', { hostName: 'server1', interfaces }))
  t.notOk(isOwnAddress('server2', { hostName: 'server1', interfaces }))
  t.notOk(isOwnAddress('server1', { interfaces }))
  t.notOk(isOwnAddress('', { interfaces }))
  t.end()
})
