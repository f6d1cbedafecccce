import t from 'tap'
import { optionTable } from '../../../src/cli/monitor/option-table.ts'

t.test('each option has a flag and a name of its own', async (t) => {
  for (const options of Object.values(optionTable)) {
    for (const key of ['flag', 'name'] as const) {
      const all = options.map((option) => option[key])
      t.strictSame([...new Set(all)], all)
    }
  }
})

t.test("the manual's numbers are there: defaults and ranges", async (t) => {
  for (const options of Object.values(optionTable)) {
    for (const [flag, byDefault] of [
      ['-i', '30'],
      ['-c', '5'],
      ['-r', '60'],
    ]) {
      const option = options.find((one) => one.flag === flag)
      t.match(option, { rule: 'integer', min: 1, max: 10000, byDefault })
    }
  }
})
