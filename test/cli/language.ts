import t from 'tap'
import { askedLanguage, chooseLanguage } from '../../src/cli/language.ts'

t.test('what is asked for wins over the locale, and the locale over English', async (t) => {
  t.equal(chooseLanguage('en', { LANG: 'ja_JP.UTF-8' }), 'en')
  t.equal(chooseLanguage('ja', {}), 'ja')
  t.equal(chooseLanguage(undefined, { LANG: 'ja_JP.UTF-8' }), 'ja')
  t.equal(chooseLanguage(undefined, { LANG: 'C' }), 'en')
  t.equal(chooseLanguage(undefined, {}), 'en')
})

t.test('the locale variables count in the order that the system gives them', async (t) => {
  t.equal(chooseLanguage(undefined, { LC_ALL: 'C', LANG: 'ja_JP.UTF-8' }), 'en')
  t.equal(chooseLanguage(undefined, { LC_ALL: '', LC_MESSAGES: 'ja', LANG: 'C' }), 'ja')
})

t.test('words ask for a language in either form, whatever else is wrong with them', async (t) => {
  t.equal(askedLanguage(['w1', '-i', 'x', '--lang', 'ja']), 'ja')
  t.equal(askedLanguage(['--lang=ja', 'x']), 'ja')
  t.equal(askedLanguage(['--lang', 'de']), undefined)
  t.equal(askedLanguage(['--lang=de', '--lang', 'en']), 'en')
  t.equal(askedLanguage(['--lang']), undefined)
  t.equal(askedLanguage([]), undefined)
})
