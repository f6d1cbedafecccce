import { EventEmitter } from 'node:events'
import t from 'tap'
import { takeTerminal } from '../../../src/cli/view/terminal.ts'
import { FakeTerminal } from '../../helpers/fake-terminal.ts'

t.test('a terminal is taken, drawn upon, and given back as it was', (t) => {
  const { streams, written, isRaw } = new FakeTerminal()
  const terminal = takeTerminal(streams, { onInput: () => 0, onResize: () => 0, onGone: () => 0 })
  t.equal(isRaw(), true)
  t.equal(written(), '\x1b[?1049h\x1b[?25l')
  terminal.draw(['a', 'b'])
  t.equal(written(), '\x1b[2J\x1b[H\x1b[2Ka\r\n\x1b[2Kb')
  terminal.draw(['a', 'b'])
  t.equal(written(), '', 'nothing has changed')
  terminal.draw(['c'])
  t.equal(written(), '\x1b[H\x1b[2Kc')
  terminal.restore()
  terminal.restore()
  t.equal(written(), '\x1b[0m\x1b[?25h\x1b[?1049l')
  t.equal(isRaw(), false)
  terminal.draw(['d'])
  t.equal(written(), '', 'it is not ours any more')
  terminal.enter()
  terminal.enter()
  terminal.draw(['d'])
  t.equal(written(), '\x1b[?1049h\x1b[?25l\x1b[2J\x1b[H\x1b[2Kd')
  t.end()
})

t.test('keys, another size and the end are told', (t) => {
  const fake = new FakeTerminal()
  const told: string[] = []
  const terminal = takeTerminal(fake.streams, {
    onInput: (text) => told.push(`input ${text}`),
    onResize: () => told.push(`size ${JSON.stringify(terminal.size())}`),
    onGone: () => told.push('gone'),
  })
  fake.type('q')
  fake.resize(100, 30)
  fake.resize(0, 0)
  fake.input.emit('end')
  t.same(told, [
    'input q',
    'size {"columns":100,"rows":30}',
    'size {"columns":80,"rows":24}',
    'gone',
  ])
  terminal.draw(['a'])
  fake.written()
  fake.resize(90, 30)
  terminal.draw(['a'])
  t.match(fake.written(), '\x1b[2J', 'drawn anew after another size')
  t.end()
})

t.test('a terminal that has gone is no failure of ours', (t) => {
  const fake = new FakeTerminal()
  fake.input.setRawMode = () => {
    throw new Error('EIO')
  }
  const terminal = takeTerminal(fake.streams, {
    onInput: () => 0,
    onResize: () => 0,
    onGone: () => 0,
  })
  terminal.restore()
  t.ok(fake.input instanceof EventEmitter)
  t.end()
})
