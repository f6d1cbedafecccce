import t from 'tap'
import { AlertTable, alertCells } from '../../../src/cli/view/alert-table.ts'
import { displayWidth } from '../../../src/cli/view/columns.ts'
import { loadViewTexts } from '../../../src/cli/view/view-texts.ts'
import { sampleAlert } from '../../helpers/sample-alert.ts'

const words = await loadViewTexts('en')

t.test('an alert has the columns of the alert view', (t) => {
  t.same(alertCells(sampleAlert(), words), [
    'ERROR',
    '2026/01/02 03:04:06',
    '2026/01/02 03:04:05',
    'server1',
    'sambamon',
    'watch1',
    '6',
    'The clp_sambamon will terminate.',
  ])
  const { id: _, monitor: __, ...older } = sampleAlert()
  t.same(alertCells(older, words).slice(5, 7), ['-', '-'])
  t.equal(alertCells(sampleAlert({ message: 'a\x1b[2J' }), words)[7], String.raw`a\u001b[2J`)
  t.end()
})

t.test('columns stay below each other in Japanese as well, and do not shrink', async (t) => {
  const ja = await loadViewTexts('ja')
  const table = new AlertTable(ja)
  const first = [sampleAlert({ server: 'サーバ一' }), sampleAlert({ server: 'b' })]
  const lines = [table.heading(first), ...table.lines(first), ...table.lines([sampleAlert()])]
  const places = lines.map((line) =>
    displayWidth(line.slice(0, Math.max(line.indexOf('モジュール'), line.indexOf('sambamon')))),
  )
  t.equal(new Set(places).size, 1, lines.join('\n'))
})
