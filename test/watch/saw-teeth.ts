import t from 'tap'
import { SawTeeth } from '../../src/watch/saw-teeth.ts'

/** Falls from 100 to a margin and comes back, so often. */
function saw(teeth: SawTeeth, count: number, to: number, fromMs = 0): number {
  let atMs = fromMs
  for (let tooth = 0; tooth < count; tooth += 1) {
    for (const margin of [100, 80, 60, 40, 20, to]) {
      teeth.add(atMs, margin)
      atMs += 30_000
    }
  }
  teeth.add(atMs, 100)
  return atMs
}

t.test('what came back three times from somewhere is usual as far as that', async (t) => {
  const teeth = new SawTeeth()
  saw(teeth, 2, 10)
  t.notOk(teeth.isUsual(50), 'twice is no habit')
  saw(teeth, 1, 10, 1_000_000)
  t.ok(teeth.isUsual(50))
  t.ok(teeth.isUsual(9.5))
  t.notOk(teeth.isUsual(8.9), 'nearer to the limit than ever is news')
})

t.test('a habit is forgotten after a day', async (t) => {
  const teeth = new SawTeeth()
  const end = saw(teeth, 5, 10)
  teeth.add(end + 24 * 3_600_000 + 1, 100)
  t.notOk(teeth.isUsual(50))
})

t.test('what falls and never comes back has no habit', async (t) => {
  const teeth = new SawTeeth()
  for (let index = 0; index < 1000; index += 1) teeth.add(index * 30_000, 1000 - index)
  t.notOk(teeth.isUsual(500))
})
