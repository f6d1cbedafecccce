import t from 'tap'
import { loadLicenseTexts } from '../../../src/cli/license/license-texts.ts'

t.test('every text exists in both languages, with the same open places', async (t) => {
  const english = flatten(await loadLicenseTexts('en'))
  const japanese = flatten(await loadLicenseTexts('ja'))
  t.strictSame([...japanese.keys()], [...english.keys()])
  for (const [key, text] of english) {
    const other = japanese.get(key) ?? ''
    t.strictSame(places(other), places(text), key)
    t.not(other, '', key)
  }
})

function places(text: string): string[] {
  return (text.match(/\{\w+\}/g) ?? []).toSorted()
}

function flatten(value: unknown, path = ''): Map<string, string> {
  if (typeof value === 'string') return new Map([[path, value]])
  const inner = Object.entries(value as object)
  return new Map(inner.flatMap(([key, text]) => Array.from(flatten(text, `${path}.${key}`))))
}
