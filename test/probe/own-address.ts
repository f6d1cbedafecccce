import { isIP } from 'node:net'
import type { NetworkInterfaceInfo } from 'node:os'
import t from 'tap'
import { ownAddress } from '../../src/probe/own-address.ts'

const at = (address: string, internal = false): NetworkInterfaceInfo => {
  const rest = { address, internal, netmask: '', mac: '', cidr: null }
  return address.includes(':')
    ? { ...rest, family: 'IPv6', scopeid: 0 }
    : { ...rest, family: 'IPv4' }
}
const lo = [at('127.0.0.1', true), at('::1', true)]

t.test('an address that others can reach goes before loopback', async (t) => {
  t.equal(ownAddress({ lo, eth0: [at('192.0.2.2')] }), '192.0.2.2')
  t.equal(ownAddress({ lo }), '127.0.0.1')
  t.equal(ownAddress({}), '127.0.0.1')
  t.equal(ownAddress({ lo, eth0: undefined }), '127.0.0.1')
})

t.test('a floating address that is added does not change the choice', async (t) => {
  const eth0 = [at('192.0.2.20'), at('192.0.2.3')]
  t.equal(ownAddress({ lo, eth0 }), '192.0.2.20')
  t.equal(ownAddress({ lo, eth0: eth0.slice(0, 1) }), '192.0.2.20')
})

t.test('IPv4 goes before IPv6, and addresses of one link alone do not count', async (t) => {
  const eth0 = [at('fe80::1'), at('fd00::2')]
  t.equal(ownAddress({ lo, eth0 }), 'fd00::2')
  t.equal(ownAddress({ lo, eth0, eth1: [at('169.254.1.1'), at('10.0.0.1')] }), '10.0.0.1')
  t.equal(ownAddress({ lo, eth0: [at('fe80::1'), at('169.254.1.1')] }), '127.0.0.1')
})

t.test('this server has one as well', async (t) => {
  t.ok(isIP(ownAddress()) !== 0)
})
