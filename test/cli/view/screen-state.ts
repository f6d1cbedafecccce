import t from 'tap'
import { firstScreen, keysOf, press, within } from '../../../src/cli/view/screen-state.ts'

const extent = { total: 100, page: 10 }
const pressed = (...keys: string[]) =>
  keys.reduce((state, key) => press(state, key, extent), { ...firstScreen })

t.test('keys scroll, and never beyond the ends', (t) => {
  for (const [keys, top] of [
    [['\x1b[B'], 1],
    [['\x1bOB', 'j'], 2],
    [['j', 'j', '\x1b[A'], 1],
    [['j', 'j', 'k', '\x1bOA'], 0],
    [['\x1b[A'], 0],
    [['\x1b[6~', ' '], 20],
    [['\x1b[6~', ' ', '\x1b[5~'], 10],
    [[' ', 'b'], 0],
    [['G'], 90],
    [['\x1b[F', 'j'], 90],
    [['\x1b[4~', 'g'], 0],
    [['G', '\x1b[H'], 0],
    [['G', '\x1b[1~'], 0],
    [['?', '\x1b[Z', 'é'], 0],
  ] as [string[], number][]) {
    t.equal(pressed(...keys).top, top, JSON.stringify(keys))
  }
  t.end()
})

t.test('what is left is shown when there is less than before', (t) => {
  t.equal(within({ ...firstScreen, top: 95 }, extent).top, 90)
  t.equal(within({ ...firstScreen, top: 95 }, { total: 3, page: 10 }).top, 0)
  const inside = { ...firstScreen, top: 5 }
  t.equal(within(inside, extent), inside)
  t.end()
})

t.test('it ends with q, and with Ctrl-C and Ctrl-D always', (t) => {
  for (const keys of [['q'], ['Q'], ['\x03'], ['\x04'], ['/', 'a', '\x03']]) {
    t.equal(pressed(...keys).isOver, true)
  }
  t.equal(pressed('/', 'q').isOver, false)
  t.end()
})

t.test('a filter is typed, mended, kept, and given up', (t) => {
  t.match(pressed('j', '/', 'a', 'q', '共'), { filter: 'aq共', isTyping: true, top: 0 })
  t.match(pressed('/', 'a', '𠮷', '\x7f'), { filter: 'a' })
  t.match(pressed('/', 'a', 'b', '\b'), { filter: 'a' })
  t.match(pressed('/', 'a', '\r'), { filter: 'a', isTyping: false })
  t.match(pressed('/', 'a', '\n', 'j'), { filter: 'a', isTyping: false, top: 1 })
  t.match(pressed('/', 'a', '\x1b'), { filter: '', isTyping: false })
  t.match(pressed('/', 'a', '\r', '\x1b'), { filter: '' })
  t.match(pressed('/', 'a', '\x1b[B', '\x01'), { filter: 'a' }, 'other keys are no text')
  t.equal(pressed('/', ...Array.from({ length: 100 }, () => 'x')).filter.length, 60)
  t.end()
})

t.test('what a terminal sends is taken apart into keys', (t) => {
  t.same(keysOf('a\x1b[B\x1b[6~\x1bOA共\x1b\r'), [
    'a',
    '\x1b[B',
    '\x1b[6~',
    '\x1bOA',
    '共',
    '\x1b',
    '\r',
  ])
  t.same(keysOf(''), [])
  t.end()
})
