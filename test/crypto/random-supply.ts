import t from 'tap'
import { RandomSupply } from '../../src/crypto/random-supply.ts'

t.test('never gives the same bytes twice, however often it is refilled', (t) => {
  const supply = new RandomSupply(64)
  const taken = Array.from({ length: 300 }, () => supply.take(16).toString('hex'))
  t.equal(new Set(taken).size, taken.length)
  t.ok(taken.every((bytes) => bytes.length === 32))
  t.end()
})

t.test('gives bytes that nobody else can change', (t) => {
  const supply = new RandomSupply(64)
  const first = supply.take(16)
  const before = first.toString('hex')
  supply.take(48).fill(0)
  supply.take(64).fill(0)
  t.equal(first.toString('hex'), before)
  t.end()
})

t.test('gives no zeros for what has not been filled yet', (t) => {
  t.notSame(new RandomSupply().take(32), Buffer.alloc(32))
  t.notSame(new RandomSupply(32).take(32), Buffer.alloc(32))
  t.end()
})
