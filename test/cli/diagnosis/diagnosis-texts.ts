import t from 'tap'
import { causeText, loadDiagnosisTexts } from '../../../src/cli/diagnosis/diagnosis-texts.ts'

t.test(
  'the texts about diagnoses exist in both languages, with the same open places',
  async (t) => {
    const [english, japanese] = (
      await Promise.all([loadDiagnosisTexts('en'), loadDiagnosisTexts('ja')])
    ).map((texts): [string, string[]][] =>
      [...Object.entries(texts), ...Object.entries(texts.cause)].flatMap(([key, text]) =>
        typeof text === 'string' ? [[key, (text.match(/\{\w+\}/g) ?? []).toSorted()]] : [],
      ),
    )
    t.ok((english?.length ?? 0) > 30)
    t.strictSame(japanese, english)
  },
)

t.test('a cause is put into words; one of another version keeps its name', async (t) => {
  const texts = await loadDiagnosisTexts('en')
  const values = { program: 'smbd' }
  t.equal(causeText({ key: 'process-missing', values }, texts), 'smbd does not run')
  t.equal(causeText({ key: 'from-the-future', values }, texts), 'from-the-future')
})
