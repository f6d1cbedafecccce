import t from 'tap'
import { loadServeTexts } from '../../../../src/cli/fsmon/serve/serve-texts.ts'

t.test('both languages say the same things', async (t) => {
  const [en, ja] = [await loadServeTexts('en'), await loadServeTexts('ja')]
  const keys = (value: object): string[] => JSON.stringify(value).match(/"\w+":/g) ?? []
  const places = (value: object) =>
    JSON.stringify(value)
      .match(/\{\w+\}/g)
      ?.toSorted()
  t.strictSame(keys(ja), keys(en))
  t.strictSame(places(ja), places(en))
  t.not(ja.about, en.about)
})
