import t from 'tap'
import {
  belongsUnder,
  checked,
  choice,
  decimal,
  flag,
  fullPath,
  integer,
  list,
  optional,
  orOff,
  secretRefused,
  tables,
  text,
  unlessWrong,
  webUrl,
  withDefault,
  type Kind,
} from '../../src/config/kinds.ts'
import type { ConfigProblem } from '../../src/config/config-error.ts'
import { Spot } from '../../src/config/spot.ts'

function read<T>(kind: Kind<T>, value?: unknown) {
  const problems: ConfigProblem[] = []
  const spot = new Spot('/f', ['k'], () => 1, problems)
  const found = value === undefined ? kind.absent(spot) : kind.read(value, spot)
  return { found, troubles: problems.map(({ key, trouble }) => `${key} ${trouble}`), problems }
}

const form = { pattern: /^[a-z]+$/, allowed: 'a-z' }
const good: [kind: Kind<unknown>, value: unknown][] = [
  [text(), 'a'],
  [text({ form }), 'abc'],
  [text({ maxBytes: 3 }), 'あ'],
  [integer({ min: 1, max: 3 }), 1],
  [integer({ min: 1, max: 3 }), 3],
  [decimal({ min: 0.5, max: 3 }), 0.5],
  [orOff(integer({ min: 0, max: 3 })), 2],
  [choice(['a', 'b']), 'b'],
  [flag(), false],
  [fullPath(), '/a/b'],
  [webUrl(), 'http://127.0.0.1:1/x?y'],
  [webUrl(), 'HTTPS://[::1]/'],
  [list(integer({ min: 1, max: 3 })), [1, 2]],
  [list(text()), []],
  [tables(flag()), [true, false]],
  [optional(flag()), true],
  [withDefault(flag(), true), false],
]
for (const [kind, value] of good) {
  t.test('a number may be switched off by a word', async (t) => {
    t.equal(read(orOff(integer({ min: 0, max: 3 })), 'off').found, 0)
    t.strictSame(read(optional(orOff(integer({ min: 0, max: 3 })))).found, undefined)
  })

  t.test(`${JSON.stringify(value)} is taken`, async (t) => {
    t.match(read(kind, value), { found: value, troubles: [] })
  })
}

const bad: [kind: Kind<unknown>, value: unknown, trouble: string, values?: object][] = [
  [text(), 1, 'k not-text'],
  [text(), '', 'k empty'],
  [text({ maxBytes: 2 }), 'あ', 'k too-long', { bytes: '3', allowed: '1..2' }],
  [text(), 'a\0', 'k bad-form'],
  [text({ form }), 'A', 'k bad-form', { allowed: 'a-z' }],
  [integer({ min: 1, max: 3 }), '1', 'k not-integer'],
  [orOff(integer({ min: 1, max: 3 })), 'on', 'k not-integer'],
  [integer({ min: 1, max: 3 }), 1.5, 'k not-integer', { allowed: '1..3' }],
  [integer({ min: 1, max: 3 }), 0, 'k out-of-range', { value: '0', allowed: '1..3' }],
  [integer({ min: 1, max: 3 }), 4, 'k out-of-range'],
  [integer({ min: 1, max: 3 }), Infinity, 'k not-integer'],
  [decimal({ min: 1, max: 3 }), '1', 'k not-number'],
  [decimal({ min: 1, max: 3 }), 3.5, 'k out-of-range'],
  [decimal({ min: 1, max: 3 }), NaN, 'k out-of-range'],
  [choice(['a', 'b']), 'c', 'k not-a-choice', { value: 'c', allowed: 'a, b' }],
  [belongsUnder('[a.b]'), 1, 'k belongs-under', { table: '[a.b]' }],
  [choice(['3']), 3, 'k not-a-choice', { value: 'number' }],
  [choice(['a']), 'x'.repeat(100), 'k not-a-choice', { value: `${'x'.repeat(60)}…` }],
  [flag(), 'true', 'k not-flag'],
  [fullPath(), 'a', 'k not-absolute'],
  [fullPath(), '/a\0', 'k not-absolute'],
  [fullPath(), `/${'a'.repeat(5000)}`, 'k not-absolute'],
  [fullPath(), 1, 'k not-absolute'],
  [webUrl(), 'ftp://a', 'k not-url'],
  [webUrl(), 'http//a', 'k not-url'],
  [webUrl(), 'http://u:p@a/', 'k not-url'],
  [webUrl(), 'http://u@a/', 'k not-url'],
  [webUrl(), `http://a/${'x'.repeat(3000)}`, 'k not-url'],
  [webUrl(), 1, 'k not-url'],
  [list(flag()), true, 'k not-list'],
  [list(flag(), { least: 1 }), [], 'k list-length'],
  [list(flag(), { most: 1 }), [true, true], 'k list-length', { value: '2', allowed: '0..1' }],
  [list(flag()), [true, 1], 'k[2] not-flag'],
  [tables(flag()), true, 'k not-tables'],
  [optional(flag()), 1, 'k not-flag'],
  [withDefault(flag(), true), 1, 'k not-flag'],
  [secretRefused(), 'x', 'k no-secret'],
]
for (const [kind, value, trouble, values = {}] of bad) {
  t.test(`${JSON.stringify(value)?.slice(0, 40)}: ${trouble}`, async (t) => {
    t.match(read(kind, value), { troubles: [trouble], problems: [{ values }] })
  })
}

t.test('what is not written is missing, left out, or has its default', async (t) => {
  t.match(read(flag()), { found: undefined, troubles: ['k missing'] })
  t.match(read(optional(flag())), { found: undefined, troubles: [] })
  t.match(read(withDefault(flag(), true)), { found: true, troubles: [] })
  t.match(read(checked(withDefault(flag(), true), () => {})), { found: true, troubles: [] })
  t.match(read(unlessWrong(flag())), { troubles: ['k missing'] })
  t.strictSame(read(tables(flag())), { found: [], troubles: [], problems: [] })
  t.match(read(secretRefused()), { found: undefined, troubles: [] })
})

t.test('a value can be looked at once more, and left out when it is wrong', async (t) => {
  const even = checked(integer({ min: 0, max: 9 }), (value, spot) => {
    if (value % 2 === 1) spot.report('bad-form', { allowed: 'even' })
  })
  t.match(read(even, 2), { found: 2, troubles: [] })
  t.match(read(even, 3), { troubles: ['k bad-form'] })
  t.match(read(even, '3'), { troubles: ['k not-integer'] }, 'what is none is not looked at')
  t.match(read(unlessWrong(even), 2), { found: 2 })
  t.equal(read(unlessWrong(even), 3).found, undefined)
  t.strictSame(read(tables(unlessWrong(even)), [1, 2, 3, 4]).found, [2, 4])
})
