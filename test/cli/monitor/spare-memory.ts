import { setFlagsFromString } from 'node:v8'
import t from 'tap'
import { spareMemory } from '../../../src/cli/monitor/spare-memory.ts'
import { eventually } from '../../helpers/eventually.ts'

setFlagsFromString('--allow-natives-syntax')
// V8's own word for what has become of a function; 16 is compiled by the optimizing compiler.
// oxlint-disable-next-line typescript/no-implied-eval, typescript/no-unsafe-type-assertion
const statusOf = new Function('f', 'return %GetOptimizationStatus(f)') as (f: unknown) => number
const isOptimized = (f: unknown) => (statusOf(f) & 16) !== 0

/** A function that nobody has called before, with a loop, so that no caller takes it in. */
function fresh(): (count: number) => number {
  const body = 'let sum = 0; for (let i = 0; i < count; i += 1) sum += (i * 3) % 7; return sum'
  // oxlint-disable-next-line typescript/no-implied-eval, typescript/no-unsafe-type-assertion
  return new Function('count', body) as (count: number) => number
}

t.test(
  'what is called often is compiled to machine code before it, and never after it',
  async (t) => {
    const before = fresh()
    let turns = 0
    await eventually('it is compiled', () => {
      turns += 1
      before(50_000)
      return isOptimized(before)
    })
    await spareMemory()
    const after = fresh()
    let turnsAfter = 0
    await eventually('it was called more often', () => {
      turnsAfter += 1
      after(50_000)
      return turnsAfter > 3 * turns + 10
    })
    t.equal(isOptimized(after), false)
  },
)
