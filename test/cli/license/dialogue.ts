import t from 'tap'
import { LicenseServer, machineIds } from '../../helpers/license-server.ts'

const productKey = '07lV5xcP-prQT6e8n-g2vJRdCq-RKgVtbNt' // AB123456, public secret
const success = 'command was success.\n'

t.test('an input that ends in the middle registers nothing', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  const whole = `1\nAB123456\n${productKey}`
  for (const stdin of ['', '1', '1\n', '1\nAB123456', '1\nAB123456\n']) {
    const ran = await server.run(['-i', '-p', 'FSMON20'], { stdin })
    t.equal(ran.status, 3, JSON.stringify(stdin))
    t.match(ran.err, /input ended/)
    t.notMatch(ran.out, success)
    t.match((await server.run(['-l'])).out, /No license/)
  }
  t.equal((await server.run(['-i'], { stdin: whole })).status, 0, 'the last line need not end')
})

t.test('a wrong key says which part is wrong, and how many tries are left', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  const keys = [productKey.slice(1), productKey.replace('x', 'I'), productKey.replace('x', 'y')]
  const ran = await server.run(['-i'], { stdin: `1\nAB123456\n${keys.join('\n')}\n` })
  t.equal(ran.status, 1)
  const [length, character, checksum, none] = ran.err.split('\n')
  t.match(length, /Group 1 .* 7 symbols.*Tries left: 2 of 3/)
  t.match(character, /Group 1 .*'I' in place 6.*Tries left: 1 of 3/)
  t.match(checksum, /checksum.*AB123456/)
  t.match(none, /No try is left of 3/)
  t.match((await server.run(['-l'])).out, /No license/)
})

t.test('three tries are given for each answer', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  const answers = ['3', 'x', '1', 'ab123456', 'AB12345', 'AB123456', 'x', '', ` ${productKey} `]
  const ran = await server.run(['-i'], { stdin: answers.join('\r\n') })
  t.equal(ran.status, 0, ran.err)
  t.equal(ran.err.match(/Tries left: 2 of 3/g)?.length, 3)
  t.equal(ran.err.match(/Tries left: 1 of 3/g)?.length, 3)
  t.equal((await server.run(['-i'], { stdin: '3\n4\n5\n1\n' })).status, 1)
})
