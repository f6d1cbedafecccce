import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { integer, optional, tables, unlessWrong } from '../../src/config/kinds.ts'
import { readToml, settled, understandToml } from '../../src/config/read-toml.ts'
import { table } from '../../src/config/table.ts'

const small = integer({ min: 1, max: 9 })
const kind = table({
  a: optional(small),
  t: table({ b: optional(small) }),
  l: tables(unlessWrong(table({ c: small }))),
})

t.test('a file gives its values, with the lines on which they stand', async (t) => {
  const file = join(t.testdir({ f: 'a = 1\n[t]\nb = 2\n[[l]]\nc = 3\n' }), 'f')
  const reading = await readToml(file, kind)
  if (reading === undefined) throw new Error('not read')
  t.match(settled(reading), { a: 1, t: { b: 2 }, l: [{ c: 3 }] })
  t.equal(reading.lineOf(['l', 0, 'c']), 5)
  t.equal(reading.lineOf(['t', 'b']), 3)
})

t.test('all that is wrong is told, in the order of the lines', async (t) => {
  const text = '[[l]]\nc = 10\n[[l]]\nc = 1\n[t]\nb = "x"\nz = 1\n'
  const reading = await understandToml('/f', text, kind)
  t.match(reading.problems, [
    { file: '/f', line: 2, key: 'l[1].c', trouble: 'out-of-range' },
    { line: 6, key: 't.b', trouble: 'not-integer' },
    { line: 7, key: 't.z', trouble: 'unknown-key' },
  ])
  t.match(reading.value?.l, [{ c: 1 }], 'what is good is there')
  t.throws(() => settled(reading), { name: 'ConfigError', problems: { length: 3 } })
})

t.test('what is no TOML is told with its line, and without a word of the text', async (t) => {
  const reading = await understandToml('/f', 'a = 1\npassword = geheim!\n', kind)
  t.match(reading, { value: undefined, problems: [{ line: 2, key: '', trouble: 'syntax' }] })
  t.notMatch(JSON.stringify(reading.problems), 'geheim')
  t.equal(reading.lineOf(['a']), 0)
  t.throws(() => settled(reading), { name: 'ConfigError' })
})

t.test('no file is nothing; one that cannot be read is not taken for none', async (t) => {
  const directory = t.testdir()
  t.equal(await readToml(join(directory, 'none'), kind), undefined)
  mkdirSync(join(directory, 'd'))
  writeFileSync(join(directory, 'bytes'), Buffer.from([0x61, 0x3d, 0xff]))
  writeFileSync(join(directory, 'long'), '#'.repeat(1024 * 1024 + 1))
  const reasons: [name: string, reason: string | RegExp][] = [
    ['d', 'EISDIR'],
    ['bytes', 'UTF-8'],
    ['long', /bytes/],
  ]
  for (const [name, reason] of reasons) {
    const reading = await readToml(join(directory, name), kind)
    t.match(reading?.problems, [{ line: 0, trouble: 'unreadable', values: { reason } }], name)
    t.equal(reading?.lineOf(['a']), 0)
  }
})
