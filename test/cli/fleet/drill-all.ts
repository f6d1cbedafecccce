import t from 'tap'
import { drillAll, type DrilledMember } from '../../../src/cli/fleet/drill-all.ts'

function member(until: string, refusal?: 'paused'): DrilledMember & { asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    drillRefusal: async () => refusal,
    drill: async (action) => {
      asked.push(action)
      const ok = until !== ''
      return { ok, state: 'watching', text: ok ? until : 'none' }
    },
  }
}

t.test('a drill begins in all of them, and is over when the last is', async (t) => {
  const all = [member('2026-01-01'), member('2026-01-03'), member('2026-01-02')]
  t.match(await drillAll('drill-fault', 5, all), { ok: true, text: '2026-01-03' })
  for (const { asked } of all) t.strictSame(asked, ['drill-fault'])
})

t.test('where one refuses it begins in none', async (t) => {
  const all = [member('2026-01-01'), member('2026-01-01', 'paused')]
  t.match(await drillAll('drill-slow', undefined, all), { ok: false, text: 'paused' })
  for (const { asked } of all) t.strictSame(asked, [])
})

t.test('one that refuses only when it is asked is not kept quiet about', async (t) => {
  const all = [member('2026-01-01'), member('')]
  t.match(await drillAll('drill-slow', undefined, all), { ok: false, text: 'none' })
})

t.test('those that are under way are ended; without any that is said', async (t) => {
  t.match(await drillAll('drill-end', undefined, [member(''), member('x')]), { ok: true })
  t.match(await drillAll('drill-end', undefined, [member('')]), { ok: false, text: 'none' })
  t.match(await drillAll('drill-end', undefined, []), { ok: false, text: 'none' })
})
