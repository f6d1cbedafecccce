import t from 'tap'
import { decodeAlert } from '../../src/view/seen-alert.ts'

const line = {
  level: 'error',
  time: '2026-01-02T03:04:05.000Z',
  received: '2026-01-02T03:04:06.000Z',
  kind: 'alert',
  server: 'server1',
  module: 'sambamon',
  monitor: 'watch1',
  id: 6,
  detail: { stage: 'tree', attempt: 3, encrypted: true },
  message: 'The clp_sambamon will terminate.',
}

t.test('a line is read as it was written', (t) => {
  t.same(decodeAlert(JSON.stringify(line)), line)
  t.end()
})

t.test('a line of an older version came when it was said, from a monitor without a name', (t) => {
  const { received: _, monitor: __, id: ___, ...older } = line
  t.same(decodeAlert(JSON.stringify(older)), { ...older, received: line.time })
  t.end()
})

t.test('what is no alert is none', (t) => {
  const wrong = [
    '',
    'garbage',
    '\0\0\0',
    JSON.stringify(line).slice(0, -1),
    'null',
    '[]',
    '7',
    ...Object.entries({
      kind: 'other',
      level: 'fatal',
      time: 'yesterday',
      server: 1,
      module: null,
      message: {},
    }).map(([name, value]) => JSON.stringify({ ...line, [name]: value })),
    JSON.stringify({ ...line, time: `${' '.repeat(100)}2026-01-01` }),
  ]
  for (const text of wrong) t.equal(decodeAlert(text), undefined, text)
  t.end()
})

t.test('of what is optional, only what is of its type is taken', (t) => {
  const odd = {
    ...line,
    id: '6',
    monitor: 7,
    received: 'x',
    detail: { a: {}, b: [], c: null, d: 1 },
  }
  t.match(decodeAlert(JSON.stringify(odd)), { received: line.time, detail: { d: 1 } })
  const alert = decodeAlert(JSON.stringify(odd)) ?? {}
  t.notOk('id' in alert || 'monitor' in alert)
  t.same(Object.keys(decodeAlert(JSON.stringify(odd))?.detail ?? {}), ['d'])
  t.same(decodeAlert(JSON.stringify({ ...line, detail: 'x' }))?.detail, {})
  t.same(
    decodeAlert(JSON.stringify(line).replace('"stage"', '"__proto__"'))?.detail['__proto__'],
    'tree',
  )
  t.end()
})

t.test('what was written behind a torn line is read all the same', (t) => {
  const whole = JSON.stringify(line)
  for (let length = 1; length < whole.length; length += 1) {
    t.same(decodeAlert(whole.slice(0, length) + whole), line, `${length} bytes of another one`)
  }
  const quoting = { ...line, message: 'x {"level":"info","time":"2026-01-01T00:00:00.000Z"} y' }
  t.same(decodeAlert(JSON.stringify(quoting)), quoting, 'a text that looks like a line is none')
  const torn = JSON.stringify(quoting).slice(0, -3)
  t.equal(decodeAlert(torn), undefined)
  t.same(decodeAlert(torn + whole), line)
  t.end()
})

t.test('an event that no catalogue could have is none', (t) => {
  for (const id of ['1e400', '1.5', '1e300']) {
    const text = JSON.stringify(line).replace('"id":6', `"id":${id}`)
    t.equal(decodeAlert(text)?.id, undefined, id)
  }
  t.end()
})
