import t from 'tap'
import { heldLicenses } from '../../src/license/held.ts'

const here = '00112233445566778899aabbccddeeff'
const there = 'ffeeddccbbaa99887766554433221100'
const secrets = [Buffer.from('clp-fsmon community license')]
const registration = {
  product: 'FSMON20',
  serial: 'AB123456',
  key: '07lV5xcP-prQT6e8n-g2vJRdCq-RKgVtbNt',
  machine: here,
  registered: '',
}
const around = { secrets, machines: [here], claims: [] }
const terms = { division: 'product', from: 0, until: 0 } as const
const claim = { product: 'FSMON20', serial: 'AB123456', machine: there, host: 'node2' }

t.test('a license of this machine alone overlaps with nothing', async (t) => {
  const alone = [{ product: 'FSMON20', serial: 'AB123456', terms }]
  t.strictSame(heldLicenses([registration], around), alone)
  const claims = [
    { ...claim, machine: here, host: 'a name we had before' },
    { ...claim, serial: 'AB123457' },
    { ...claim, product: 'OTHER' },
  ]
  t.strictSame(heldLicenses([registration], { ...around, claims }), alone)
  t.strictSame(heldLicenses([registration], { ...around, machines: [there, here] }), alone)
  t.strictSame(heldLicenses([registration], { ...around, machines: [] }), alone, 'not known')
})

t.test('a store that was copied from another machine overlaps', async (t) => {
  t.match(heldLicenses([registration], { ...around, machines: [there] }), [
    { terms, overlapsWith: /00112233/ },
  ])
})

t.test('a serial that is registered twice overlaps', async (t) => {
  const [first, second] = heldLicenses([registration, { ...registration }], around)
  t.match(first, { overlapsWith: /twice/ })
  t.match(second, { overlapsWith: /twice/ })
})

t.test('a serial that another server has laid claim to overlaps', async (t) => {
  t.match(heldLicenses([registration], { ...around, claims: [claim] }), [{ overlapsWith: 'node2' }])
})

t.test('a key that is not good for its serial grants nothing', async (t) => {
  const wrong = { ...registration, serial: 'AB123457' }
  t.strictSame(heldLicenses([wrong], around), [
    { product: 'FSMON20', serial: 'AB123457', terms: undefined },
  ])
})
