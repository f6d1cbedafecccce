import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Script } from 'node:vm'
import t from 'tap'
import { precompile, type Precompiled } from '../../src/cli/precompile.ts'
import { seal } from '../../src/cli/program-loader.ts'

const source = '({"a.js":(function(exports){exports.a=function(){return 1+1}})})\n'

function files(others: string[], whole: string[] = []): Precompiled {
  return { whole: new Set(whole), others: new Set(others) }
}

t.test('what is kept of a file is code that this Node takes, tied to its source', (t) => {
  const dir = t.testdir({
    'x.parts.cjs': source,
    'cold.parts.cjs': source,
    'gone.parts.cache': 'old',
  })
  precompile(dir, files(['x.parts.cjs']))
  t.strictSame(readdirSync(dir).toSorted(), ['cold.parts.cjs', 'x.parts.cache', 'x.parts.cjs'])
  const bytes = readFileSync(join(dir, 'x.parts.cache'))
  const cachedData = bytes.subarray(32)
  t.strictSame(seal(source, cachedData), bytes.subarray(0, 32))
  t.equal(new Script(source, { cachedData }).cachedDataRejected, false)
  t.end()
})

t.test('of a file that is to be whole everything is compiled, for usual flags', (t) => {
  const dir = t.testdir({ 'x.parts.cjs': source, 'y.parts.cjs': source })
  precompile(dir, files(['x.parts.cjs'], ['y.parts.cjs']))
  const [part, whole] = ['x', 'y'].map((name) => join(dir, `${name}.parts.cache`))
  t.ok(statSync(whole ?? '').size > statSync(part ?? '').size)
  const cachedData = readFileSync(whole ?? '').subarray(32)
  t.equal(new Script(source, { cachedData }).cachedDataRejected, false)
  t.end()
})

t.test('a directory that cannot be written to is an error, and nothing half is left', (t) => {
  const dir = t.testdir({ 'x.parts.cjs': '({' })
  t.throws(() => precompile(dir, files(['x.parts.cjs'])), SyntaxError)
  t.notOk(existsSync(join(dir, 'x.parts.cache')))
  t.end()
})
