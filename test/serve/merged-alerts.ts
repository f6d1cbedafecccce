import t from 'tap'
import { mergedAlerts, type HostAlert } from '../../src/serve/merged-alerts.ts'
import type { AlertFilter } from '../../src/serve/source.ts'
import { fakeSource, say, type FakeSource } from '../helpers/serve/fake-source.ts'

const signal = new AbortController().signal
const at = (second: number) => ({ time: new Date(second * 1000).toISOString() })

async function allPages(sources: FakeSource[], limit: number, filter: AlertFilter = {}) {
  const pages: HostAlert[][] = []
  let cursor: string | null = null
  do {
    const query = { sources, filter, limit, cursor: cursor ?? undefined, signal }
    const page = await mergedAlerts(query)
    pages.push(page.alerts)
    cursor = page.cursor
    if (pages.length > 100) throw new Error('it never ends')
  } while (cursor !== null)
  return pages
}

t.test('pages of several hosts go by time, with none left out and none twice', async (t) => {
  const [a, b, empty] = [fakeSource('a'), fakeSource('b'), fakeSource('c')]
  for (let second = 0; second < 50; second += 1) {
    say(second % 3 === 0 ? a : b, `${second}`, at(second))
  }
  for (const limit of [1, 2, 7, 49, 50, 51]) {
    const messages = (await allPages([a, b, empty], limit)).flat().map(({ message }) => message)
    t.strictSame(
      messages,
      Array.from({ length: 50 }, (_, i) => `${49 - i}`),
      `pages of ${limit}`,
    )
  }
  const hosts = (await allPages([a, b], 100)).flat().map(({ host }) => host)
  t.equal(hosts.filter((host) => host === 'a').length, 17)
})

t.test('a filter goes to every host', async (t) => {
  const a = fakeSource('a')
  for (let i = 0; i < 20; i += 1) say(a, `${i}`, { level: i % 10 === 0 ? 'error' : 'info' })
  const found = (await allPages([a], 1, { level: 'error' })).flat()
  t.strictSame(
    found.map(({ message }) => message),
    ['10', '0'],
  )
})

t.test('a host that does not tell is named, and is asked again with the next page', async (t) => {
  const [a, b] = [fakeSource('a'), fakeSource('b')]
  for (let second = 0; second < 4; second += 1) say(a, `a${second}`, at(second))
  say(b, 'b', at(0))
  b.broken = 'gone'
  const query = { sources: [a, b], filter: {}, limit: 2, signal }
  const first = await mergedAlerts({ ...query, cursor: undefined })
  t.match(first, { missing: ['b'], alerts: [{ message: 'a3' }, { message: 'a2' }] })
  b.broken = undefined
  const cursor = first.cursor ?? ''
  t.match(await mergedAlerts({ ...query, cursor, limit: 9 }), {
    missing: [],
    alerts: [{ message: 'a1' }, { message: 'a0' }, { message: 'b' }],
    cursor: null,
  })
  b.broken = 'gone'
  a.broken = 'gone'
  t.match(await mergedAlerts({ ...query, cursor }), { missing: ['a', 'b'], cursor: null })
})

t.test('a cursor that is none of ours is refused', async (t) => {
  const query = { sources: [], filter: {}, limit: 1, cursor: '../../etc', signal }
  await t.rejects(mergedAlerts(query), { name: 'Refusal', status: 400 })
})
