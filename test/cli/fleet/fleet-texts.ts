import t from 'tap'
import { loadFleetTexts } from '../../../src/cli/fleet/fleet-texts.ts'

t.test('both languages say the same things, with the same values in them', async (t) => {
  const [en, ja] = [await loadFleetTexts('en'), await loadFleetTexts('ja')]
  const values = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).toSorted()
  const flat = ({ command, ...rest }: typeof en) => ({ ...command, ...rest })
  const japanese = new Map(Object.entries(flat(ja)))
  t.same([...japanese.keys()], Object.keys(flat(en)))
  for (const [key, text] of Object.entries(flat(en))) {
    t.same(values(japanese.get(key) ?? ''), values(text), key)
  }
})
