import t from 'tap'
import { Dice } from '../../scripts/soak.d/dice.ts'
import { faultNames, faults, type FaultName } from '../../scripts/soak.d/fault.ts'
import { leastMs, promisedMs } from '../../scripts/soak.d/patience.ts'
import { draw, type Planned } from '../../scripts/soak.d/schedule.ts'

const drawn = (seed: number, count = 500): Planned[] => {
  const dice = new Dice(seed)
  return Array.from({ length: count }, () => draw(dice, faultNames))
}

t.test('a seed draws the same faults again, another one others', async (t) => {
  t.strictSame(drawn(1), drawn(1))
  t.not(JSON.stringify(drawn(1)), JSON.stringify(drawn(2)))
})

t.test('every fault comes, short and long', async (t) => {
  t.strictSame(faultNames.toSorted(), (Object.keys(faults) as FaultName[]).toSorted())
  for (const name of faultNames) {
    const ofIt = drawn(3).filter(({ fault }) => fault === name)
    const holds = new Set(ofIt.map(({ hold }) => typeof hold))
    t.ok(holds.has('number'), `${name}, short`)
    t.equal(holds.has('string'), !('isHarmless' in faults[name]), `${name}, long`)
  }
})

t.test('what is short leaves time to spare below the least that can be told', async (t) => {
  for (const { fault, hold } of drawn(4)) {
    if (typeof hold !== 'number' || 'isHarmless' in faults[fault]) continue
    if (hold + faults[fault].aftermathMs > 3000) t.fail(`${fault} for ${hold} ms`)
  }
  t.equal(leastMs({ intervalS: 1, retries: 4, deadlineS: 2 }), 4000)
})

t.test('the promise is that of the manual', async (t) => {
  t.equal(promisedMs({ intervalS: 30, retries: 5, deadlineS: 60 }), 540_000)
})
