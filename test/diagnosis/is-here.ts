import t from 'tap'
import { isHere } from '../../src/diagnosis/is-here.ts'

t.test('the addresses of this host are known', async (t) => {
  const interfaces = {
    eth0: [{ address: '192.0.2.10' }, { address: '2001:db8::1' }],
    none: undefined,
  } as unknown as Parameters<typeof isHere>[1]
  for (const address of ['192.0.2.10', '2001:db8::1', '127.0.0.2', '::1', '0.0.0.0', '::']) {
    t.ok(isHere(address, interfaces), address)
  }
  for (const address of ['192.0.2.1', '2001:db8::2']) t.notOk(isHere(address, interfaces), address)
  t.ok(isHere('127.0.0.1'))
})
