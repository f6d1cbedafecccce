import t from 'tap'
import { loadInventoryTexts } from '../../../../src/cli/fsmon/inventory/inventory-texts.ts'

t.test('both languages say the same things', async (t) => {
  const [en, ja] = [await loadInventoryTexts('en'), await loadInventoryTexts('ja')]
  const keys = (value: object): string[] => JSON.stringify(value).match(/"[\w-]+":/g) ?? []
  const places = (value: object) =>
    JSON.stringify(value)
      .match(/\{\w+\}/g)
      ?.toSorted()
  t.strictSame(keys(ja), keys(en))
  t.strictSame(places(ja), places(en))
  t.equal(ja.ends.length, en.ends.length)
  t.not(ja.about, en.about)
})
