import t from 'tap'
import { painter } from '../../../src/cli/view/paint.ts'

t.test('colours are put around a text, and only where they are wanted', (t) => {
  t.equal(painter(true)('bad', 'x'), '\x1b[1;31mx\x1b[0m')
  t.equal(painter(true)('plain', 'x'), 'x')
  t.equal(painter(true)('good', ''), '')
  t.equal(painter(false)('bad', 'x'), 'x')
  t.end()
})
