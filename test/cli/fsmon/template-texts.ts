import t from 'tap'
import { loadTemplateTexts } from '../../../src/cli/fsmon/template-texts.ts'

t.test('the texts about templates exist in both languages', async (t) => {
  const english = JSON.stringify(await loadTemplateTexts('en'))
  const japanese = JSON.stringify(await loadTemplateTexts('ja'))
  t.strictSame(keysOf(japanese), keysOf(english))
  t.strictSame(placesOf(japanese), placesOf(english))
})

function keysOf(json: string): string[] {
  return json.match(/"\w+":/g) ?? []
}

function placesOf(json: string): string[] {
  return (json.match(/\{\w+\}/g) ?? []).toSorted()
}
