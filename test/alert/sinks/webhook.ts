import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { webhookSink } from '../../../src/alert/sinks/webhook.ts'
import { alertReceiver } from '../../helpers/alert-receiver.ts'
import { eventually } from '../../helpers/eventually.ts'
import { sampleEntry } from '../../helpers/sample-entry.ts'

function open(t: Test, url: string, directory: string, most = 100) {
  const told: string[] = []
  const sink = webhookSink({
    name: 'pager',
    receiver: { url, timeoutMs: 10_000, agent: 'test', resolve: async () => [] },
    filter: { ids: [6, 7] },
    queue: {
      directory,
      most,
      prepare: async () => void (await mkdir(directory, { recursive: true })),
    },
    sender: {
      claim: async () => async () => {},
      keepMs: 3_600_000,
      onTrouble: (text) => void told.push(text),
      random: () => 0,
    },
  })
  t.teardown(async () => sink.close())
  return { sink, told }
}

t.test('alerts that are wanted reach the receiver, each with its own key', async (t) => {
  const there = await alertReceiver(t)
  const { sink, told } = open(t, there.url, join(t.testdir(), 'q'))
  t.equal(sink.name, 'webhook pager')
  t.equal(sink.takes(sampleEntry()), true)
  t.equal(sink.takes(sampleEntry({ id: 3 })), false)
  t.equal(sink.takes(sampleEntry({ kind: 'log' })), false)
  await sink.deliver(sampleEntry({ monitor: 'w1', target: 'pub' }))
  await sink.deliver(sampleEntry({ id: 7 }))
  await sink.flush()
  t.strictSame(there.ids(), [6, 7])
  const [one, other] = there.received
  const body = JSON.parse(one?.body ?? '') as { key: string }
  t.match(body, { version: 1, watch: 'w1', target: 'pub', id: 6 })
  t.equal(one?.headers['idempotency-key'], body.key)
  t.not(one?.headers['idempotency-key'], other?.headers['idempotency-key'])
  t.strictSame(told, [])
  t.equal(sink.mayHoldProcess?.(), false)
})

t.test('what a receiver that is down has missed, the next sink brings it', async (t) => {
  const first = await alertReceiver(t)
  const { port } = first
  first.mood = { answer: 500 }
  const directory = join(t.testdir(), 'q')
  const one = open(t, first.url, directory)
  await one.sink.deliver(sampleEntry())
  await one.sink.flush()
  await one.sink.close()
  t.match(one.told, ['answered with 500'])
  t.equal(readdirSync(directory).length, 1)
  first.mood = { answer: 204 }
  const two = open(t, first.url, directory)
  await eventually('the queue is empty', () => readdirSync(directory).length === 0)
  const keys = first.received.map(({ headers }) => headers['idempotency-key'])
  t.equal(new Set(keys).size, 1)
  t.ok(port > 0 && keys.length >= 2)
  t.strictSame(two.told, [])
})

t.test('a receiver that hangs does not keep an alert from being taken over', async (t) => {
  const there = await alertReceiver(t)
  there.mood = 'hang'
  const { sink } = open(t, there.url, join(t.testdir(), 'q'))
  await sink.deliver(sampleEntry())
  await there.got(1)
  const began = performance.now()
  await sink.deliver(sampleEntry())
  t.ok(performance.now() - began < 5000, 'on disk, and that is enough')
})

t.test('a queue that is full drops its oldest entries, and tells', async (t) => {
  const there = await alertReceiver(t)
  there.mood = { answer: 500 }
  const { sink, told } = open(t, there.url, join(t.testdir(), 'q'), 2)
  for (let n = 0; n < 4; n += 1) await sink.deliver(sampleEntry())
  t.ok(told.some((text) => text.includes('oldest entries were dropped')))
})

t.test(
  'where no queue can be written an alert is sent at once, or the trouble is told',
  async (t) => {
    const there = await alertReceiver(t)
    const directory = join(t.testdir(), 'q')
    writeFileSync(directory, 'a file in the way')
    const { sink, told } = open(t, there.url, directory)
    await sink.deliver(sampleEntry())
    await sink.deliver(sampleEntry())
    t.strictSame(there.ids(), [6, 6])
    t.equal(told.filter((text) => text.includes('without a queue')).length, 1)
    there.mood = { answer: 500 }
    await t.rejects(sink.deliver(sampleEntry()), { code: 'EEXIST' })
    rmSync(directory)
    there.mood = { answer: 204 }
    await sink.deliver(sampleEntry({ id: 7 }))
    await sink.flush()
    t.equal(there.ids().at(-1), 7)
  },
)
