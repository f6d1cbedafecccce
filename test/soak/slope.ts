import t from 'tap'
import { Dice } from '../../scripts/soak.d/dice.ts'
import { isFlat, slopeBesideStep, slopeOf } from '../../scripts/soak.d/slope.ts'

const line = (perUnit: number, noise: (at: number) => number = () => 0) =>
  Array.from({ length: 200 }, (_, x) => [x, 1000 + perUnit * x + noise(x)] as const)

t.test('finds the slope of a line, with no error where there is none', async (t) => {
  t.match(slopeOf(line(0)), { perUnit: 0, error: 0 })
  const { perUnit = 0, error = 1 } = slopeOf(line(3)) ?? {}
  t.ok(Math.abs(perUnit - 3) < 1e-9)
  t.ok(error < 1e-6)
})

t.test('knows the standard error of a textbook example', async (t) => {
  // Residuals of 1 2 1.3 3.75 2.25 over 1 to 5: slope 0.425, standard error 0.305.
  const points = [1, 2, 1.3, 3.75, 2.25].map((y, at) => [at + 1, y] as const)
  const { perUnit = 0, error = 0 } = slopeOf(points) ?? {}
  t.equal(perUnit.toFixed(3), '0.425')
  t.equal(error.toFixed(3), '0.305')
})

t.test('noise alone is flat, and a leak beneath it is not', async (t) => {
  const dice = new Dice(1)
  const noise = () => dice.between(-50, 50)
  const still = slopeOf(line(0, noise))
  const leak = slopeOf(line(1, noise))
  if (still === undefined || leak === undefined) throw new Error('no slope')
  t.ok(isFlat(still, 0))
  t.notOk(isFlat(leak, 0.5))
  t.ok(isFlat(leak, 1.5), 'unless so much does not matter')
})

t.test('long waves make the error larger', async (t) => {
  const waves = slopeOf(line(0, (at) => 50 * Math.sin(at / 15)))
  const fast = slopeOf(line(0, (at) => 50 * Math.sin(at * 2)))
  t.ok((waves?.error ?? 0) > 3 * (fast?.error ?? 0))
})

t.test('few points, or points of one moment, have none', async (t) => {
  t.equal(slopeOf(line(1).slice(0, 3)), undefined)
  t.equal(slopeOf(Array.from({ length: 9 }, () => [1, 2] as const)), undefined)
})

t.test('a line with one step in it is as steep as it is beside the step', async (t) => {
  const dice = new Dice(2)
  const noise = (at: number) => (at < 140 ? 0 : 400) + dice.between(-20, 20)
  for (const perUnit of [0, 2]) {
    const points = line(perUnit, noise)
    const beside = slopeBesideStep(points)
    if (beside === undefined) throw new Error('no slope')
    t.ok(Math.abs(beside.perUnit - perUnit) < 3 * beside.error, `${beside.perUnit}`)
    t.equal(isFlat(beside, 0), perUnit === 0)
    t.ok((slopeOf(points)?.perUnit ?? 0) > perUnit + 2)
  }
  t.equal(slopeBesideStep(line(1).slice(0, 3)), undefined)
})

t.test('many steps are as steep as the line that they follow', async (t) => {
  const stairs = line(0, (at) => 100 * Math.floor(at / 20))
  const beside = slopeBesideStep(stairs)
  t.ok(beside !== undefined && Math.abs(beside.perUnit - 5) < 1.5, JSON.stringify(beside))
  t.notOk(beside !== undefined && isFlat(beside, 1))
})
