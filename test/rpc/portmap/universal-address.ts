import t from 'tap'
import { universalAddressPort } from '../../../src/rpc/portmap/universal-address.ts'

t.test('the last two numbers of a universal address are the port', async (t) => {
  t.equal(universalAddressPort('127.0.0.1.8.1'), 2049)
  t.equal(universalAddressPort('0.0.0.0.0.111'), 111)
  t.equal(universalAddressPort('::.78.80'), 20_048)
  t.equal(universalAddressPort('fd00::2.255.255'), 65_535)
})

t.test('anything else has none', async (t) => {
  for (const text of ['', '2049', '1.2', '::.256.1', '::.1.256', '::.1.-1', '::.1.2.', '::.x.2']) {
    t.equal(universalAddressPort(text), undefined, text)
  }
})
