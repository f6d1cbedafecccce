import t from 'tap'
import { claimName, claimOf } from '../../src/license/claim.ts'

const claim = {
  product: 'FSMON20',
  serial: 'AB123456',
  machine: '00112233445566778899aabbccddeeff',
  host: 'node1.example',
}

t.test('a claim is read from its name', async (t) => {
  const name = 'FSMON20.AB123456.00112233445566778899aabbccddeeff.node1.example'
  t.equal(claimName(claim), name)
  t.strictSame(claimOf(name), claim)
})

t.test('whatever a host is called, the name is one that a file can have', async (t) => {
  for (const host of ['', '../../etc', 'a b\nc', '日本', 'x'.repeat(300), '-rf']) {
    const name = claimName({ ...claim, host })
    t.match(name, /^[A-Za-z0-9._-]{1,255}$/, host)
    t.match(claimOf(name), { machine: claim.machine }, host)
  }
})

t.test('other files are no claims', async (t) => {
  const wrong = [
    '',
    'README',
    'FSMON20.AB123456',
    'FSMON20.ab123456.00112233445566778899aabbccddeeff.a',
  ]
  for (const name of wrong) t.equal(claimOf(name), undefined, name)
})
