import t from 'tap'
import { splitLines, visible } from '../../src/alert/lines.ts'

t.test('a message of 255 bytes is one line, one of 256 two', (t) => {
  t.same(splitLines('a'.repeat(255)), ['a'.repeat(255)])
  t.same(splitLines('a'.repeat(256)), ['a'.repeat(255), 'a'])
  t.same(splitLines(''), [''])
  t.end()
})

t.test('no character is ever cut, wherever the line ends', (t) => {
  for (const character of ['é', '共', '𠮷', '👩‍👩‍👧']) {
    for (let shift = 0; shift < 8; shift += 1) {
      const message = 'x'.repeat(250 + shift) + character.repeat(100)
      const lines = splitLines(message)
      t.equal(lines.join(''), message)
      for (const line of lines) {
        t.ok(Buffer.byteLength(line) <= 255)
        t.equal(Buffer.from(line).toString(), line)
      }
    }
  }
  t.end()
})

t.test('half a surrogate pair takes the bytes of what is sent in its place', (t) => {
  const lines = splitLines('\ud842'.repeat(100))
  t.ok(lines.every((line) => Buffer.byteLength(line) <= 255))
  t.end()
})

t.test('control characters are shown, and neither break a line nor move a cursor', (t) => {
  t.equal(
    visible('a\nb\u001b[2J\u007f\u009b\u2028共'),
    'a\\u000ab\\u001b[2J\\u007f\\u009b\\u2028共',
  )
  t.same(splitLines('a\r\nb'), ['a\\u000d\\u000ab'])
  t.end()
})
