import t from 'tap'
import { Gate, passBoth, type Haste, type Place } from '../../src/watch/gate.ts'
import { FakeClock, settle } from '../helpers/fake-clock.ts'

const limits = { inAll: 4, perAddress: 2, holdMs: 250 }

function gate(given: Partial<typeof limits> = {}) {
  const clock = new FakeClock()
  const begun: string[] = []
  const door = new Gate(clock, { ...limits, ...given })
  const enter = (address: string, name = address, haste: Haste = 'planned'): Place => {
    const place = door.enter(address, haste)
    if (place.ready === undefined) begun.push(name)
    else void place.ready.then(() => begun.push(name))
    return place
  }
  return { clock, begun, enter }
}

t.test('so many begin at once at one address, the next when one is over', async (t) => {
  const { begun, enter } = gate()
  const [first] = [enter('a', '1'), enter('a', '2'), enter('a', '3')]
  t.same(begun, ['1', '2'])
  first?.leave()
  await settle()
  t.same(begun, ['1', '2', '3'])
})

t.test('so many begin at once in all', async (t) => {
  const { begun, enter } = gate()
  const places = ['a', 'a', 'b', 'b', 'c', 'd'].map((address) => enter(address))
  t.same(begun, ['a', 'a', 'b', 'b'])
  places[3]?.leave()
  await settle()
  t.same(begun, ['a', 'a', 'b', 'b', 'c'])
})

t.test('the addresses take turns, however many wait at one of them', async (t) => {
  const turns = gate({ inAll: 1 })
  const places = new Map<string, Place>()
  for (const name of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']) {
    places.set(name, turns.enter(name.charAt(0), name))
  }
  for (let round = 0; round < 6; round += 1) {
    places.get(turns.begun.at(-1) ?? '')?.leave()
    await settle()
  }
  t.same(turns.begun, ['a1', 'a2', 'b1', 'c1', 'a3', 'c2'])
})

t.test('at an address retries go first, then what was planned, and last who is new', async (t) => {
  const { begun, enter } = gate({ perAddress: 1 })
  const places = new Map<string, Place>()
  for (const [name, haste] of [
    ['1', 'first'],
    ['2', 'first'],
    ['3', 'planned'],
    ['4', 'retry'],
  ] as const) {
    places.set(name, enter('a', name, haste))
  }
  for (let round = 0; round < 3; round += 1) {
    places.get(begun.at(-1) ?? '')?.leave()
    await settle()
  }
  t.same(begun, ['1', '4', '3', '2'])
})

t.test('a check that waits long for its server gives its place to the next', async (t) => {
  const { clock, begun, enter } = gate({ perAddress: 1 })
  const hanging = [enter('a', '1'), enter('a', '2'), enter('a', '3')]
  await clock.advance(249)
  t.same(begun, ['1'])
  await clock.advance(1)
  t.same(begun, ['1', '2'])
  await clock.advance(250)
  t.same(begun, ['1', '2', '3'])
  for (const place of hanging) place.leave()
  enter('a', '4')
  t.equal(begun.at(-1), '4')
})

t.test('whoever gives up waiting is passed over, and no place is lost', async (t) => {
  const { clock, begun, enter } = gate({ perAddress: 1 })
  const first = enter('a', 'first')
  const second = enter('a', 'second')
  enter('a', 'third', 'retry')
  second.leave()
  second.leave()
  first.leave()
  first.leave()
  await settle()
  t.same(begun, ['first', 'third'])
  await clock.advance(250)
  t.equal(clock.waiting, 0)
  enter('a', 'fourth')
  t.equal(begun.at(-1), 'fourth')
})

t.test('a thousand checks of one address all get their turn, a few at a time', async (t) => {
  const { begun, enter } = gate()
  const places = new Map<string, Place>()
  for (let index = 0; index < 1000; index += 1) {
    places.set(String(index), enter('a', String(index)))
  }
  for (let over = 0; over < 1000; over += 1) {
    t.equal(begun.length, Math.min(1000, over + 2))
    places.get(begun[over] ?? '')?.leave()
    await Promise.resolve()
    await Promise.resolve()
  }
  t.same(begun, [...places.keys()])
})

t.test('without a time to hold it a place is kept to the end', async (t) => {
  const clock = new FakeClock()
  const door = new Gate(clock, { inAll: 1, perAddress: 1 })
  const first = door.enter('a', 'planned')
  const second = door.enter('a', 'planned')
  await clock.advance(60_000)
  t.equal(clock.waiting, 0)
  let isIn = false
  void second.ready?.then(() => {
    isIn = true
  })
  await settle()
  t.equal(isIn, false)
  first.leave()
  await settle()
  t.equal(isIn, true)
})

t.test(
  'who has to pass two gates waits at the second only with a place at the first',
  async (t) => {
    const clock = new FakeClock()
    const [outer, inner] = [1, 1].map((one) => new Gate(clock, { inAll: one, perAddress: one }))
    if (outer === undefined || inner === undefined) throw new Error('no gates')
    const begun: string[] = []
    const enter = (name: string) => {
      const place = passBoth(outer.enter('a', 'planned'), () => inner.enter('a', 'planned'))
      if (place.ready === undefined) begun.push(name)
      else void place.ready.then(() => begun.push(name))
      return place
    }
    const taken = inner.enter('a', 'planned')
    const [first, second, third] = [enter('1'), enter('2'), enter('3')]
    await settle()
    t.same(begun, [])
    second.leave()
    taken.leave()
    await settle()
    t.same(begun, ['1'])
    first.leave()
    await settle()
    // The one that gave up resolves as well, and whoever waits for it knows that it is over.
    t.same(
      begun.filter((name) => name !== '2'),
      ['1', '3'],
    )
    third.leave()
    t.equal(enter('4').ready, undefined, 'all places are free again')
  },
)
