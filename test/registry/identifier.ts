import t from 'tap'
import {
  fileStem,
  isIdentifier,
  longestIdentifier,
  socketName,
} from '../../src/registry/identifier.ts'

t.test('an identifier has 1 to 255 ASCII letters and digits', (t) => {
  for (const id of ['a', 'Z', '0', 'sambawatch', 'x'.repeat(longestIdentifier)]) {
    t.equal(isIdentifier(id), true, id)
  }
  const others = [
    '',
    'x'.repeat(256),
    'a-b',
    'a_b',
    'a/b',
    '..',
    'a.b',
    'a b',
    'a\u0000',
    'a\n',
    'é',
    '１',
  ]
  for (const id of others) t.equal(isIdentifier(id), false, JSON.stringify(id))
  t.end()
})

t.test('what is no identifier has no file', (t) => {
  t.throws(() => fileStem('../etc/passwd'), RangeError)
  t.throws(() => fileStem(''), RangeError)
  t.end()
})

t.test('names are short enough for a file and a socket, and tell all identifiers apart', (t) => {
  const ids = ['a', 'A', 'watch1', 'watch2']
  for (let length = 40; length <= 255; length += 1) {
    ids.push('x'.repeat(length), `${'x'.repeat(length - 1)}y`, `${'x'.repeat(length - 1)}Y`)
  }
  t.equal(new Set(ids.map(fileStem)).size, ids.length)
  for (const id of ids) {
    t.ok(Buffer.byteLength(`.${fileStem(id)}.4194304.tmp`) <= 255)
    t.ok(Buffer.byteLength(`/run/clp-fsmon/${socketName(id)}`) <= 107)
    t.match(fileStem(id), /^[0-9A-Za-z-]+$/)
  }
  t.end()
})
