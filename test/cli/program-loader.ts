import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import t from 'tap'
import { keepCompiled } from '../../src/cli/precompile/keep-compiled.ts'
import { cacheOf, programLoader } from '../../src/cli/program-loader.ts'

const require = createRequire(import.meta.url)

/** Two parts in one file and one in another; the last is asked for late. */
const files = {
  'x.parts.cjs': `({
    "main.js": (function(exports, load, lazy, require) {
      const { twice } = load("calculate.js");
      load("calculate.js").times += 1;
      exports.four = () => twice(2);
      exports.late = async () => (await lazy("late.js")).word;
      exports.name = load("node:path").basename("/a/b");
      exports.same = require("node:path") === load("node:path");
    }),
    "calculate.js": (function(exports) {
      exports.times = 0;
      exports.twice = (value) => value * 2;
    })
  })\n`,
  'late.cjs': '({"late.js":(function(exports){exports.word="late"})})\n',
}
const fileOf = {
  'main.js': 'x.parts.cjs',
  'calculate.js': 'x.parts.cjs',
  'late.js': 'late.cjs',
  'missing.js': 'late.cjs',
  'nowhere.js': 'nowhere.cjs',
}

type Main = { four: () => number; late: () => Promise<string>; name: string; same: boolean }

for (const how of ['source', 'compiled', 'damaged', 'of another source', 'cut off'] as const) {
  t.test(`parts are loaded once each, from what is ${how}`, async (t) => {
    const directory = t.testdir(files)
    const cache = join(directory, cacheOf('x.parts.cjs'))
    if (how !== 'source') {
      programLoader({ directory, fileOf }, require, keepCompiled)('main.js')
    }
    if (how === 'damaged') {
      const bytes = readFileSync(cache)
      bytes[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 0xff
      writeFileSync(cache, bytes)
    }
    if (how === 'cut off') writeFileSync(cache, readFileSync(cache).subarray(0, 10))
    if (how === 'of another source') {
      const file = join(directory, 'x.parts.cjs')
      // As long as before, which is all that V8 looks at.
      writeFileSync(file, readFileSync(file, 'utf8').replace('twice(2)', 'twice(3)'))
    }
    const load = programLoader({ directory, fileOf }, require)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const main = load('main.js') as Main
    t.equal(main.four(), how === 'of another source' ? 6 : 4)
    t.match(main, { name: 'b', same: true })
    t.equal(await main.late(), 'late')
    t.equal(load('main.js'), main)
    t.equal(load('calculate.js').times, 1)
  })
}

t.test('parts that are seldom asked for may lie there packed', async (t) => {
  const packed = brotliCompressSync(files['late.cjs'])
  const directory = t.testdir({ 'x.parts.cjs': files['x.parts.cjs'], 'late.cjs.br': packed })
  const load = programLoader(
    { directory, fileOf: { ...fileOf, 'late.js': 'late.cjs.br' } },
    require,
  )
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const main = load('main.js') as Main
  t.equal(await main.late(), 'late')
  writeFileSync(join(directory, 'late.cjs.br'), packed.subarray(0, 10))
  const again = programLoader({ directory, fileOf: { 'late.js': 'late.cjs.br' } }, require)
  t.throws(() => again('late.js'), Error)
})

t.test('a part that is not where it should be is an error with its name', async (t) => {
  const load = programLoader({ directory: t.testdir(files), fileOf }, require)
  t.throws(() => load('missing.js'), { message: /late\.cjs is of another version: missing\.js/ })
  t.throws(() => load('nowhere.js'), { code: 'ENOENT' })
})
