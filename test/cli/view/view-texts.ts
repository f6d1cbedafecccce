import t from 'tap'
import { loadViewTexts } from '../../../src/cli/view/view-texts.ts'
import { statesByGravity } from '../../../src/view/watches.ts'

t.test('both languages say the same things', async (t) => {
  const [en, ja] = await Promise.all([loadViewTexts('en'), loadViewTexts('ja')])
  const keys = (value: object): string[] =>
    Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
      typeof inner === 'object' && inner !== null ? keys(inner).map((k) => `${key}.${k}`) : [key],
    )
  t.same(keys(ja), keys(en))
  t.same(Object.keys(en.state).toSorted(), statesByGravity.toSorted())
  t.match(ja.alerts.about, /アラート/)
})
