import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Script } from 'node:vm'
import t from 'tap'
import { keepCompiled } from '../../../src/cli/precompile/keep-compiled.ts'
import { seal } from '../../../src/cli/program-loader.ts'

const source = '({"a.js":(function(exports){function two(){return 1+1}exports.a=()=>two()})})\n'

t.test('what is kept of a file is code that this Node takes, tied to its source', (t) => {
  const dir = t.testdir({ 'x.parts.cjs': source })
  const file = join(dir, 'x.parts.cjs')
  keepCompiled(file, source, new Script(source, { filename: file }))
  t.strictSame(readdirSync(dir).toSorted(), ['x.parts.cache', 'x.parts.cjs'])
  const bytes = readFileSync(join(dir, 'x.parts.cache'))
  const cachedData = bytes.subarray(32)
  t.strictSame(seal(source, cachedData), bytes.subarray(0, 32))
  t.equal(new Script(source, { cachedData }).cachedDataRejected, false)
  t.end()
})

t.test('functions that have run are kept as well', (t) => {
  const dir = t.testdir({ 'x.parts.cjs': source })
  const file = join(dir, 'x.parts.cjs')
  const script = new Script(source, { filename: file })
  const bytes = () => {
    keepCompiled(file, source, script)
    return readFileSync(join(dir, 'x.parts.cache')).length
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the source is above
  const parts = script.runInThisContext() as {
    'a.js': (exports: { a?: () => number }) => void
  }
  const exports: { a?: () => number } = {}
  parts['a.js'](exports)
  const before = bytes()
  t.equal(exports.a?.(), 2)
  t.ok(bytes() > before)
  t.end()
})
