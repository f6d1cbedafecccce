import t from 'tap'
import { humanLine } from '../../src/alert/human-line.ts'
import { sampleEntry } from '../helpers/sample-entry.ts'

t.test('an entry is one line with the columns of the alert view', (t) => {
  t.equal(
    humanLine(sampleEntry()),
    '2026/01/02 03:04:05 server1 sambamon 6 ERROR The clp_sambamon will terminate.\n',
  )
  t.end()
})

t.test('a line of the log has no ID, and a message with line breaks stays one line', (t) => {
  const { id: _, ...rest } = sampleEntry({ kind: 'log', level: 'warn', message: 'a\nb' })
  t.equal(humanLine(rest), '2026/01/02 03:04:05 server1 sambamon - WARN a\\u000ab\n')
  t.end()
})
