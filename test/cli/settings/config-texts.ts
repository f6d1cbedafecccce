import t from 'tap'
import { loadConfigTexts } from '../../../src/cli/settings/config-texts.ts'

type Words = { [key: string]: string | Words }

function* texts(words: Words, path = ''): Generator<[path: string, text: string]> {
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === 'string') yield [`${path}.${key}`, value]
    else yield* texts(value, `${path}.${key}`)
  }
}

t.test(
  'every text about the configuration is there in both languages, with its places',
  async (t) => {
    const english = new Map(texts(await loadConfigTexts('en')))
    const japanese = new Map(texts(await loadConfigTexts('ja')))
    t.strictSame([...japanese.keys()], [...english.keys()])
    for (const [key, text] of english) {
      const places = (words = '') => (words.match(/\{\w+\}/g) ?? []).toSorted()
      t.strictSame(places(japanese.get(key)), places(text), key)
      t.match(japanese.get(key), /\S/, key)
    }
  },
)

t.test('every problem says in both languages what is allowed', async (t) => {
  // What a parameter is refused for is said in the words of the command line.
  const whole = new Set(['unreadable', 'syntax', 'missing', 'parameter'])
  for (const [language, word] of [
    ['en', /allowed/],
    ['ja', /指定|省略/],
  ] as const) {
    for (const [trouble, text] of Object.entries((await loadConfigTexts(language)).problem)) {
      if (!whole.has(trouble)) t.match(text, word, `${language} ${trouble}`)
    }
  }
})
