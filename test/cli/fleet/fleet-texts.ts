import t from 'tap'
import { loadFleetTexts } from '../../../src/cli/fleet/fleet-texts.ts'

t.test('both languages say the same things, with the same values in them', async (t) => {
  const [en, ja] = [await loadFleetTexts('en'), await loadFleetTexts('ja')]
  const values = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).toSorted()
  t.same(Object.keys(ja), Object.keys(en))
  for (const [key, text] of Object.entries(en)) {
    t.same(values(Object.entries(ja).find(([name]) => name === key)?.[1] ?? ''), values(text), key)
  }
})
