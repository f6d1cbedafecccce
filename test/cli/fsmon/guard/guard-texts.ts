import t from 'tap'
import { loadGuardTexts } from '../../../../src/cli/fsmon/guard/guard-texts.ts'

t.test('both languages say the same things', async (t) => {
  const [en, ja] = [await loadGuardTexts('en'), await loadGuardTexts('ja')]
  t.strictSame(Object.keys(ja), Object.keys(en))
  t.equal(ja.ends.length, en.ends.length)
  t.match(ja.about, /監視/)
})
