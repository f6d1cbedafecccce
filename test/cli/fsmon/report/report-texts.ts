import t from 'tap'
import { loadReportTexts } from '../../../../src/cli/fsmon/report/report-texts.ts'

t.test('the texts about reports exist in both languages', async (t) => {
  const english = await loadReportTexts('en')
  const japanese = await loadReportTexts('ja')
  t.strictSame(Object.keys(japanese), Object.keys(english))
  const places = (texts: object) => JSON.stringify(texts).match(/\{\w+\}/g)
  t.strictSame(places(japanese), places(english))
})
