import t from 'tap'
import type { Entry } from '../../src/alert/entry.ts'
import { SinkQueue, type SinkTrouble } from '../../src/alert/sink-queue.ts'
import { settle } from '../helpers/fake-clock.ts'
import { sampleEntry } from '../helpers/sample-entry.ts'

function queueOf(deliver: (entry: Entry) => Promise<void>) {
  const troubles: SinkTrouble[] = []
  const queue = new SinkQueue(
    { name: 'test', takes: ({ kind }) => kind === 'alert', deliver },
    (trouble) => troubles.push(trouble),
  )
  return { queue, troubles }
}

t.test('entries are delivered one at a time, in their order', async (t) => {
  const seen: number[] = []
  let running = 0
  const { queue } = queueOf(async ({ id = 0 }) => {
    running += 1
    t.equal(running, 1)
    for (let turn = 0; turn < 10 - id; turn += 1) await settle()
    seen.push(id)
    running -= 1
  })
  for (let id = 1; id <= 5; id += 1) queue.push(sampleEntry({ id }))
  await queue.idle()
  t.same(seen, [1, 2, 3, 4, 5])
  queue.push(sampleEntry({ id: 6 }))
  await queue.idle()
  t.same(seen, [1, 2, 3, 4, 5, 6])
})

t.test('what a sink does not take does not reach it', async (t) => {
  const { queue } = queueOf(async () => {
    t.fail('was delivered')
  })
  queue.push(sampleEntry({ kind: 'log' }))
  await queue.idle()
})

t.test('a trouble is told once, and once that it is over', async (t) => {
  let broken = true
  const { queue, troubles } = queueOf(async () => {
    if (broken) throw new Error('EPIPE')
  })
  for (let turn = 0; turn < 10; turn += 1) queue.push(sampleEntry())
  await queue.idle()
  broken = false
  queue.push(sampleEntry())
  queue.push(sampleEntry())
  await queue.idle()
  t.same(troubles, [
    { sink: 'test', text: 'Error: EPIPE' },
    { sink: 'test', text: 'works again' },
  ])
})

t.test('a sink that throws at once is in trouble like any other', async (t) => {
  const { queue, troubles } = queueOf(() => {
    throw new Error('at once')
  })
  queue.push(sampleEntry())
  await queue.idle()
  t.same(troubles, [{ sink: 'test', text: 'Error: at once' }])
})

t.test('a flood is bounded: the latest stay, the lost are counted', async (t) => {
  const gate = new EventTarget()
  const seen: number[] = []
  const { queue, troubles } = queueOf(async ({ id = 0 }) => {
    if (id === 0) await new Promise((resolve) => gate.addEventListener('open', resolve))
    seen.push(id)
  })
  for (let id = 0; id < 2000; id += 1) queue.push(sampleEntry({ id }))
  gate.dispatchEvent(new Event('open'))
  await queue.idle()
  t.equal(seen.length, 501)
  t.equal(seen.at(-1), 1999)
  t.same(
    troubles.map(({ text }) => text),
    ['too much is waiting; the oldest entries are dropped', 'entries dropped: 1499'],
  )
})

t.test('who is told of a trouble cannot add to it', async (t) => {
  const queue = new SinkQueue(
    {
      name: 'test',
      takes: () => true,
      deliver: async () => {
        throw new Error('EPIPE')
      },
    },
    () => {
      throw new Error('no ear')
    },
  )
  queue.push(sampleEntry())
  await t.resolves(queue.idle())
})

t.test('what a sink puts off is asked for, and its failures are told', async (t) => {
  const told: string[] = []
  const fail = async () => Promise.reject(new Error('EIO'))
  const sink = { name: 'a', takes: () => true, deliver: async () => {}, flush: fail, close: fail }
  const queue = new SinkQueue(sink, ({ text }) => void told.push(text))
  t.equal(queue.name, 'a')
  await queue.flush()
  await queue.close()
  t.strictSame(told, ['Error: EIO', 'Error: EIO'])
})
