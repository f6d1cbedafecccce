import * as fc from 'fast-check'
import { parse } from 'smol-toml'
import t from 'tap'
import { tomlLines, type TomlPath } from '../../src/config/toml-lines.ts'

/** Every number of a document, with the way to it. */
function* numbers(value: unknown, path: TomlPath = []): Generator<[TomlPath, number]> {
  if (typeof value === 'number') yield [path, value]
  else if (Array.isArray(value)) {
    for (const [at, each] of value.entries()) yield* numbers(each, [...path, at])
  } else if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    for (const [key, each] of Object.entries(value)) yield* numbers(each, [...path, key])
  }
}

/** A document whose numbers are the lines that they stand on: `#` in the pieces becomes the line. */
function numbered(pieces: readonly string[]): string {
  let text = ''
  for (const [at, piece] of pieces.join('').split('§').entries()) {
    text += at === 0 ? piece : `${text.split('\n').length}${piece}`
  }
  return text
}

const names = fc.constantFrom(
  'a',
  'b-1',
  '1234',
  '"quoted"',
  "'literal.dot'",
  '"esc\\"aped\\t\\u00e9"',
  '"\\x41\\e\\U0001F600"',
  '"# no comment ["',
  "''",
)
const blank = fc.constantFrom('', ' ', '\t', '  ')
const gap = fc.constantFrom('', ' ', '\n', ' # [x] "y\n', '\r\n\t', "\n\n # it's\n")
const noise = fc.constantFrom(
  '"a # b"',
  '"\\"]"',
  "'\\'",
  '"""one\n[two]\nk = 3"""',
  '"""\\""" # "" x\\\n   y"""""',
  "'''\n''[[z]]\n'''''",
  '""',
  "''''''",
  '1979-05-27 07:32:00Z',
  'true',
  '[]',
  '{}',
  '[ # c ]\n]',
)
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant('§'),
    noise,
    // An element stands on a line of its own, for the list begins before it.
    fc
      .array(fc.tuple(gap, tie('value'), gap), { maxLength: 4 })
      .map((items) => `[${items.map((item) => item.join('')).join(',')}]`),
    fc
      .uniqueArray(fc.tuple(names, gap, blank, tie('value')), {
        maxLength: 3,
        selector: ([name]) => name,
      })
      .map((pairs) => `{${pairs.map(([n, g, b, v]) => `${g}${n}${b}=${b}${v}`).join(',')} }`),
  ),
}))
const key = fc
  .tuple(fc.array(names, { minLength: 1, maxLength: 3 }), blank)
  .map(([parts, space]) => parts.join(`${space}.${space}`))
const statement = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(key, value).map(([k, v]) => `${k} = ${v}`) },
  { weight: 2, arbitrary: key.map((k) => `[ ${k} ]`) },
  { weight: 2, arbitrary: key.map((k) => `[[${k}]]`) },
  { weight: 1, arbitrary: fc.constantFrom('', '# k = 1', '\t# "') },
)
const line = fc.tuple(blank, statement, blank, fc.constantFrom('\n', '\r\n', ' # ["\n', '\n\n'))

t.test('every value is found on its line, in whatever way it is written', async (t) => {
  let compared = 0
  let documents = 0
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.boolean(), (lines, hasMark) => {
      // What the parser refuses, as a key that is there twice, is left out again.
      let text = hasMark ? '\uFEFF' : ''
      let parsed: unknown = {}
      for (const each of lines) {
        const longer = numbered([text.replaceAll('§', ''), each.join('')])
        try {
          parsed = parse(longer)
          text = longer
        } catch {
          // Not of this one.
        }
      }
      documents += 1
      const lineOf = tomlLines(text)
      for (const [path, expected] of numbers(parsed)) {
        if (expected === 0) continue
        compared += 1
        if (lineOf(path) !== expected) {
          throw new Error(`${JSON.stringify(path)}: ${lineOf(path)}, not ${expected}\n${text}`)
        }
      }
    }),
    { numRuns: 3000 },
  )
  t.comment(`${compared} values of ${documents} documents`)
  t.ok(compared > documents / 2, 'and there was something to compare')
})

const written: [text: string, path: TomlPath, line: number][] = [
  ['a = 1', ['a'], 1],
  ['\n[a]\nb = 1', ['a'], 2],
  ['\n[a]\nb = 1', ['a', 'b'], 3],
  ['[a.b]\nc = 1\n[a]\nd = 1', ['a'], 3],
  ['[[a]]\n[[a]]\nb = 1', ['a', 1], 2],
  ['[[a]]\n[[a]]\nb = 1', ['a'], 1],
  ['[[a]]\n[a.b]\nc = 1\n[[a]]\n[a.b]\nc = 1', ['a', 1, 'b', 'c'], 6],
  ['[[a]]\n[[a.b]]\n[[a]]\n[[a.b]]\n[[a.b]]\nc = 1', ['a', 1, 'b', 1, 'c'], 6],
  ['a = [\n1,\n2 ]', ['a', 1], 3],
  ['a = {\n b = [ { c =\n 1 } ] }', ['a', 'b', 0, 'c'], 2],
  ['"a.b".c = 1', ['a.b', 'c'], 1],
  ['\n__proto__ = 1', ['__proto__'], 2],
  [`\n${'k'.repeat(3000)} = 1`, ['k'.repeat(3000)], 2],
  ['\na = 1', ['a', 'missing', 3], 2],
  ['a = 1', ['missing'], 0],
  ['a = 1', [], 0],
]
for (const [text, path, line] of written) {
  t.test(
    `line ${line} for ${path.join('.').slice(0, 40)} in ${JSON.stringify(text.slice(0, 60))}`,
    async (t) => {
      t.equal(tomlLines(text)(path), line)
    },
  )
}

t.test('half a document leads to no endless search', async (t) => {
  const text = '[a.b]\n"k\\"".c = [ { d = """x""", e = \'\'\'y\'\'\' }, [1, 2] ]\n[[z]]\n'
  for (let length = 0; length <= text.length; length += 1) {
    t.type(tomlLines(text.slice(0, length))(['a']), 'number')
  }
})
