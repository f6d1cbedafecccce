import t from 'tap'
import { cut, displayWidth, harmless, inColumns } from '../../../src/cli/view/columns.ts'

t.test('Japanese characters take two columns each, marks none', (t) => {
  t.equal(displayWidth('plain'), 5)
  t.equal(displayWidth('共有 a'), 6)
  t.equal(displayWidth('か\u3099'), 2, 'a mark that is joined to the character before')
  t.equal(displayWidth('é'), 1)
  t.equal(displayWidth('🚀'), 2)
  t.equal(displayWidth('𠮷'), 2)
  t.end()
})

t.test('a text fits into so many columns, whatever it is', (t) => {
  for (const text of ['', 'a', 'abcdef', '共有フォルダ', 'a共b有c', '🚀🚀🚀']) {
    for (let columns = 0; columns < 14; columns += 1) {
      t.equal(displayWidth(inColumns(text, columns)), columns, `${text} in ${columns}`)
      t.ok(displayWidth(cut(text, columns)) <= columns)
    }
  }
  t.equal(cut('abcdef', 4), 'abc~')
  t.equal(cut('共有フォルダ', 4), '共~ ')
  t.equal(cut('共有', 4), '共有')
  t.end()
})

t.test('what would do something to a terminal is shown as what it is', (t) => {
  t.equal(harmless('a\x1b[2J\r\n\x07\x9bb'), String.raw`a\u001b[2J\u000d\u000a\u0007\u009bb`)
  t.equal(harmless('a\u202eb\u2066c\u200b'), String.raw`a\u202eb\u2066c\u200b`)
  t.equal(harmless('共有 [pub]'), '共有 [pub]')
  t.end()
})
