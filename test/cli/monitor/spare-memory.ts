import { setFlagsFromString } from 'node:v8'
import t from 'tap'
import { spareMemory } from '../../../src/cli/monitor/spare-memory.ts'
import { eventually } from '../../helpers/eventually.ts'

setFlagsFromString('--allow-natives-syntax')
// V8's own word for what has become of a function; 16 is compiled by the optimizing compiler.
// oxlint-disable-next-line typescript/no-implied-eval, typescript/no-unsafe-type-assertion
const statusOf = new Function('f', 'return %GetOptimizationStatus(f)') as (f: unknown) => number
const isOptimized = (f: unknown) => (statusOf(f) & 16) !== 0

/** A function that nobody has called before. */
function fresh(): (value: number) => number {
  // oxlint-disable-next-line typescript/no-implied-eval, typescript/no-unsafe-type-assertion
  return new Function('value', 'return (value * 3 + 1) % 7') as (value: number) => number
}

function call(f: (value: number) => number, times: number): number {
  let sum = 0
  for (let i = 0; i < times; i += 1) sum += f(i)
  return sum
}

t.test(
  'what is called often is compiled to machine code before it, and never after it',
  async (t) => {
    const before = fresh()
    let turns = 0
    await eventually('it is compiled', () => {
      turns += 1
      call(before, 100_000)
      return isOptimized(before)
    })
    await spareMemory()
    const after = fresh()
    let turnsAfter = 0
    await eventually('it was called much more often', () => {
      turnsAfter += 1
      call(after, 100_000)
      return turnsAfter > 10 * turns + 10
    })
    t.equal(isOptimized(after), false)
  },
)
