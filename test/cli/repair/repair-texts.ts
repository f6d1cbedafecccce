import t from 'tap'
import { loadRepairTexts } from '../../../src/cli/repair/repair-texts.ts'

t.test(
  'what is said about repairs is there in both languages, with the same open places',
  async (t) => {
    const [en, ja] = [await loadRepairTexts('en'), await loadRepairTexts('ja')]
    const places = (texts: object) =>
      Object.entries(texts).map(([key, text]) => [
        key,
        (JSON.stringify(text).match(/\{\w+\}/g) ?? []).toSorted(),
        Array.isArray(text) ? text.length : 0,
      ])
    t.strictSame(places(ja), places(en))
    t.not(ja.about, en.about)
  },
)
