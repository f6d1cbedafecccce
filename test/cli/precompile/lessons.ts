import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { lessons } from '../../../src/cli/precompile/lessons.ts'

const bin = join(import.meta.dirname, '../../../bin')

t.test('lessons are of commands that there are, and talk with this host alone', (t) => {
  const all = lessons(4450)
  for (const { words } of all) {
    t.ok(existsSync(join(bin, words[0])), words[0])
    const at = words.indexOf('-a')
    if (at < 0) continue
    t.equal(words[at + 1], '127.0.0.1')
    t.equal(words[words.indexOf('--port') + 1], '4450')
  }
  t.equal(all.filter(({ until }) => until !== undefined).length, 1, 'one goes on until it is ended')
  t.end()
})
