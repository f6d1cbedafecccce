import t from 'tap'
import { fill, loadTexts } from '../../src/cli/texts.ts'

t.test('every text exists in both languages, with the same open places', async (t) => {
  const english = flatten(await loadTexts('en'))
  const japanese = flatten(await loadTexts('ja'))
  t.strictSame([...japanese.keys()].toSorted(), [...english.keys()].toSorted())
  for (const [key, text] of english) {
    // The examples of commands may differ; what is filled in may not.
    const japaneseText = japanese.get(key) ?? ''
    if (!key.includes('example')) t.strictSame(places(japaneseText), places(text), key)
    t.not(japaneseText, '', `${key} is not empty`)
  }
})

t.test('open places are filled, and what is not known stays open', async (t) => {
  t.equal(fill('{a} and {b} and {a}', { a: 1, b: 'two' }), '1 and two and 1')
  t.equal(fill('{a}', {}), '{a}')
  t.equal(fill('{a}', { a: '$& {b}', b: 1 }), '$& {b}', 'values are not read as patterns')
})

function places(words: string): string[] {
  return (words.match(/\{\w+\}/g) ?? []).toSorted()
}

function flatten(value: unknown, path = ''): Map<string, string> {
  if (typeof value === 'string') return new Map([[path, value]])
  const inner = Object.entries(value as object)
  return new Map(inner.flatMap(([key, text]) => Array.from(flatten(text, `${path}.${key}`))))
}
