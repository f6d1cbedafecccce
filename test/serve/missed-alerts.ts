import t from 'tap'
import { missedAlerts, type MissedQuery } from '../../src/serve/missed-alerts.ts'
import { decodePositions } from '../../src/serve/position-map.ts'
import type { Source } from '../../src/serve/source.ts'
import { fakeSource, say } from '../helpers/serve/fake-source.ts'

const signal = new AbortController().signal

async function readAll(query: Omit<MissedQuery, 'signal' | 'handful'>, handful = 2) {
  const missed = missedAlerts({ ...query, handful, signal })
  const messages: string[] = []
  const resumes: unknown[] = []
  for (;;) {
    const { value, done } = await missed.next()
    if (done === true) return { messages, resumes, isAll: value }
    messages.push(...value.map(({ alert }) => alert.message))
    resumes.push(...value.map(({ resume }) => decodePositions(resume)))
  }
}

function hostWith(host: string, count: number, minute: number) {
  const source = fakeSource(host)
  for (let i = 0; i < count; i += 1) {
    say(source, `${host} ${i}`, { time: `2026-01-01T00:0${minute}:0${i}.000Z` })
  }
  return source
}

t.test('everything up to where the others are comes once, in handfuls', async (t) => {
  const source = hostWith('n1', 7, 0)
  for (const handful of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const it = await readAll({ sources: [source], from: { n1: '0' }, upTo: { n1: '4' } }, handful)
    t.strictSame(it.messages, ['n1 1', 'n1 2', 'n1 3', 'n1 4'], `${handful} at a time`)
    t.strictSame(it.resumes.at(-1), { n1: '4' })
    t.ok(it.isAll)
  }
})

t.test('who was up to date is not read for', async (t) => {
  const source = hostWith('n1', 7, 0)
  source.broken = 'it would fail'
  const it = await readAll({ sources: [source], from: { n1: '4' }, upTo: { n1: '4' } })
  t.strictSame(it, { messages: [], resumes: [], isAll: true })
})

t.test(
  'each place stands for all hosts, and those of a host keep the order of its log',
  async (t) => {
    const [n1, n2] = [hostWith('n1', 3, 1), hostWith('n2', 5, 1)]
    // A clock that was set back: by its time this one would come before what stands ahead of it.
    say(n1, 'n1 set back', { time: '2026-01-01T00:00:00.000Z' })
    const from = { n1: '-1', n2: '-1', stranger: '9' }
    const { messages, resumes, isAll } = await readAll({
      sources: [n1, n2],
      from,
      upTo: { n1: '3', n2: '4' },
    })
    t.ok(isAll)
    for (const host of ['n1', 'n2']) {
      const expected = (host === 'n1' ? n1 : n2).alertLog.map(({ message }) => message)
      t.strictSame(
        messages.filter((message) => message.startsWith(host)),
        expected,
      )
    }
    t.strictSame(messages.slice(0, 4), ['n1 0', 'n2 0', 'n1 1', 'n2 1'])
    // Whoever stops after any of them has the rest to come.
    const seen = { n1: -1, n2: -1 }
    for (const [i, message] of messages.entries()) {
      seen[message.startsWith('n1') ? 'n1' : 'n2'] += 1
      t.strictSame(resumes[i], { n1: String(seen.n1), n2: String(seen.n2) })
    }
  },
)

t.test('what cannot be told in full is said to be so', async (t) => {
  const source = hostWith('n1', 3, 0)
  const query = { sources: [source], from: { n1: '0' }, upTo: { n1: '2' } }
  t.match(await readAll({ ...query, from: {} }), { isAll: false }, 'a host that it never saw')
  t.match(await readAll({ ...query, from: { n1: null } }), { isAll: false })
  t.match(await readAll({ ...query, upTo: {} }), { isAll: false }, 'one that was not asked yet')
  source.broken = 'gone'
  t.match(await readAll(query), { isAll: false }, 'one that does not tell')
  source.broken = undefined
  const { after } = source
  const lost = async () => ({ alerts: [], next: undefined, isLost: true as const })
  const losing = (position: string): Source => ({
    ...source,
    after: async (asked) => (asked.position === position ? lost() : after(asked)),
  })
  t.match(await readAll({ ...query, sources: [losing('0')] }), { isAll: false, messages: [] })
  t.match(await readAll({ ...query, sources: [losing('2')] }), { isAll: false, messages: [] })
})

t.test('a log that has nothing to tell after all is read to its end', async (t) => {
  const source = hostWith('n1', 3, 0)
  source.after = async ({ position }) => ({ alerts: [], next: position })
  const it = await readAll({ sources: [source], from: { n1: '0' }, upTo: { n1: '2' } })
  t.match(it, { isAll: true, messages: [] })
  source.after = async () => ({ alerts: [], next: undefined })
  t.match(await readAll({ sources: [source], from: { n1: '0' }, upTo: { n1: '2' } }), {
    isAll: true,
  })
})
