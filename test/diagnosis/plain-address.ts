import t from 'tap'
import { plainAddress } from '../../src/diagnosis/plain-address.ts'

for (const [given, plain] of [
  ['192.0.2.10', '192.0.2.10'],
  ['2001:DB8:0:0::0001', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['::ffff:192.0.2.10', '192.0.2.10'],
  ['::1', '::1'],
  ['fs.example', 'fs.example'],
] as const) {
  t.test(`${given} is ${plain}`, async (t) => {
    t.equal(plainAddress(given), plain)
  })
}
