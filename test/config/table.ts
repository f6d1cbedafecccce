import t from 'tap'
import type { ConfigProblem } from '../../src/config/config-error.ts'
import { flag, integer, optional, secretRefused, withDefault } from '../../src/config/kinds.ts'
import { Spot } from '../../src/config/spot.ts'
import { table } from '../../src/config/table.ts'

const kind = table(
  {
    number: integer({ min: 1, max: 9 }),
    on: withDefault(flag(), true),
    'may-be': optional(flag()),
  },
  { password: secretRefused() },
)

function read(value: unknown) {
  const problems: ConfigProblem[] = []
  const found = kind.read(value, new Spot('/f', ['t'], () => 1, problems))
  const told = problems.map(({ key, trouble, near }) =>
    [key, trouble, near].filter(Boolean).join(' '),
  )
  return { found, told, problems }
}

t.test('a table is read key by key', async (t) => {
  const expected = { number: 2, on: true, 'may-be': undefined, password: undefined }
  t.strictSame(read({ number: 2 }).found, expected)
  t.strictSame(read(Object.assign(Object.create(null), { number: 2 })).found, expected)
})

t.test('everything that is wrong is told, with what is allowed', async (t) => {
  const { told, problems } = read({ nubmer: 1, on: 1, maybe: true, password: 'x', __proto__x: 1 })
  t.strictSame(told.toSorted(), [
    't.__proto__x unknown-key',
    't.maybe unknown-key may-be',
    't.nubmer unknown-key number',
    't.number missing',
    't.on not-flag',
    't.password no-secret',
  ])
  const unknown = problems.find(({ key }) => key === 't.nubmer')
  t.strictSame(unknown?.values, { allowed: 'number, on, may-be' }, 'a refused key is not offered')
})

t.test('a key named like what every object has is unknown all the same', async (t) => {
  const value: object = JSON.parse('{"number": 1, "__proto__": 1, "toString": 1}')
  t.strictSame(read(value).told, ['t.__proto__ unknown-key', 't.toString unknown-key'])
})

for (const value of [1, 'a', null, [], new Date()]) {
  t.test(`${JSON.stringify(value)} is no table`, async (t) => {
    const { told, found } = read(value)
    t.strictSame(told, ['t not-table'])
    t.equal(found, undefined)
  })
}

t.test('a table that is not there is as an empty one', async (t) => {
  const problems: ConfigProblem[] = []
  const found = kind.absent(new Spot('/f', ['t'], () => 1, problems))
  t.match(found, { on: true })
  t.match(problems, [{ key: 't.number', trouble: 'missing' }])
})
