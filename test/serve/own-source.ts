import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { layoutUnder } from '../../src/registry/layout.ts'
import { encodeRecord } from '../../src/registry/record.ts'
import { ownSource } from '../../src/serve/own-source.ts'
import { sampleRecord } from '../helpers/sample-record.ts'

const signal = new AbortController().signal

function host(t: Test) {
  const layout = layoutUnder(t.testdir())
  for (const place of [layout.run, layout.log]) mkdirSync(place, { recursive: true, mode: 0o700 })
  const log = join(layout.log, 'alert.log')
  let count = 0
  const say = (message: string, more: object = {}) => {
    const time = new Date(Date.UTC(2026, 0, 1) + (count += 1) * 1000).toISOString()
    const line = { level: 'error', time, kind: 'alert', server: 'n1', module: 'sambamon', id: 62 }
    appendFileSync(log, `${JSON.stringify({ ...line, detail: {}, message, ...more })}\n`)
  }
  return { layout, log, say, source: ownSource('n1', layout) }
}

const filter = {}

t.test('the watches are those of the records', async (t) => {
  const { layout, source } = host(t)
  t.strictSame(await source.watches(signal), [])
  const { ended, ...record } = sampleRecord({ target: '<i>pub</i> @ 10.0.0.1' })
  t.ok(ended)
  writeFileSync(join(layout.run, 'watch1.json'), encodeRecord(record))
  writeFileSync(join(layout.run, 'broken.json'), '{"version":1,')
  t.match(await source.watches(signal), [
    { id: 'broken', state: 'unreadable' },
    { id: 'watch1', target: '<i>pub</i>', server: '10.0.0.1' },
  ])
})

t.test('the alerts are those of the log, from the newest to the oldest', async (t) => {
  const { say, source, log } = host(t)
  const query = { filter, limit: 2, position: undefined, signal }
  t.strictSame(await source.before(query), { alerts: [], next: undefined })
  for (let i = 0; i < 5; i += 1) say(`m${i}`, i === 3 ? { level: 'info', id: 1 } : {})
  appendFileSync(log, '{"level":"error","time":"2026-01-01T00')
  const first = await source.before(query)
  t.match(first.alerts, [{ message: 'm4' }, { message: 'm3', id: 1, watch: null }])
  const second = await source.before({ ...query, position: first.next })
  t.match(second.alerts, [{ message: 'm2' }, { message: 'm1' }])
  const third = await source.before({ ...query, position: second.next })
  t.match(third, { alerts: [{ message: 'm0' }], next: undefined })
  const chosen = { level: 'error', event: 62, text: 'M2', watch: undefined } as const
  t.match((await source.before({ ...query, filter: chosen })).alerts, [{ message: 'm2' }])
  const other = { watch: 'w1' }
  t.strictSame((await source.before({ ...query, filter: other })).alerts, [])
})

t.test('what comes is told once, over rotation, and a cut line when it is whole', async (t) => {
  const { say, source, log } = host(t)
  say('old')
  const start = await source.after({ limit: 10, position: undefined, signal })
  t.strictSame(start.alerts, [])
  const heard: string[] = []
  let position = start.next
  const listen = async () => {
    const page = await source.after({ limit: 10, position, signal })
    heard.push(...page.alerts.map(({ message }) => message))
    position = page.next
    return page
  }
  await listen()
  say('a')
  await listen()
  await listen()
  say('b')
  renameSync(log, `${log}.1`)
  say('c')
  await listen()
  const line = '{"level":"info","time":"2026-01-01T01:00:00.000Z","kind":"alert","server":"n1",'
  appendFileSync(log, line)
  await listen()
  appendFileSync(log, '"module":"nfsmon","message":"d"}\n')
  await listen()
  t.strictSame(heard, ['a', 'b', 'c', 'd'])
  rmSync(log)
  rmSync(`${log}.1`)
  say('another log')
  t.match(await listen(), { isLost: true, alerts: [] })
  say('e')
  await listen()
  t.equal(heard.at(-1), 'e')
})

t.test('a flood is told to its end, also when nothing follows it', async (t) => {
  const { say, source } = host(t)
  say('old')
  let { next: position } = await source.after({ limit: 2, position: undefined, signal })
  for (let i = 0; i < 5; i += 1) say(`m${i}`)
  const heard: string[] = []
  for (let look = 0; look < 5; look += 1) {
    const page = await source.after({ limit: 2, position, signal })
    heard.push(...page.alerts.map(({ message }) => message))
    position = page.next
  }
  t.strictSame(heard, ['m0', 'm1', 'm2', 'm3', 'm4'])
})
