import t from 'tap'
import { Dispatcher } from '../../src/alert/dispatcher.ts'
import type { Entry, Sink } from '../../src/alert/entry.ts'

function collect(name: string): Sink & { seen: Entry[] } {
  const seen: Entry[] = []
  return {
    name,
    seen,
    takes: () => true,
    deliver: async (entry) => {
      seen.push(entry)
    },
  }
}

function dispatcherOf(...sinks: Sink[]): Dispatcher {
  return new Dispatcher({
    command: 'clp_sambamon',
    target: 'pub',
    server: 'server1',
    sinks,
    onTrouble: () => undefined,
  })
}

t.test('an alert reaches every sink with all that belongs to it', async (t) => {
  const sinks = [collect('a'), collect('b')]
  const dispatcher = dispatcherOf(...sinks)
  dispatcher.announce({ id: 62, nn: 67, detail: { stage: 'tree' } })
  t.equal(await dispatcher.drain(5000), true)
  for (const { seen } of sinks) {
    t.match(seen, [
      {
        kind: 'alert',
        id: 62,
        level: 'error',
        server: 'server1',
        module: 'sambamon',
        message: 'The clp_sambamon has detected an error in Samba [pub] (tree connect error[67]).',
        detail: { stage: 'tree' },
        time: Date,
      },
    ])
  }
})

t.test('what is of a drill says so in its text', async (t) => {
  const sink = collect('a')
  const dispatcher = dispatcherOf(sink)
  dispatcher.announce({ id: 6, detail: { drill: 'fault' } })
  dispatcher.log('warn', 'x', { drill: 'fault' })
  dispatcher.log('warn', 'x')
  await dispatcher.drain(5000)
  t.strictSame(
    sink.seen.map(({ message }) => message),
    ['DRILL: The clp_sambamon will terminate.', 'DRILL: x', 'x'],
  )
})

t.test('a reminder is a warning in the log, and no alert', async (t) => {
  const sink = collect('a')
  const dispatcher = dispatcherOf(sink)
  dispatcher.announce({ id: 7, reminder: true })
  dispatcher.log('info', 'a line')
  await dispatcher.drain(5000)
  t.match(sink.seen, [
    { kind: 'log', level: 'warn', id: 7, message: 'The clp_sambamon is going to stop monitoring.' },
    { kind: 'log', level: 'info', message: 'a line', detail: {} },
  ])
})

t.test(
  'a sink that hangs keeps no other waiting, and the end waits for it no longer than said',
  async (t) => {
    for (const mayHoldProcess of [true, false]) {
      const stuck: Sink = {
        name: 'stuck',
        takes: () => true,
        deliver: () => new Promise(() => undefined),
        mayHoldProcess: () => mayHoldProcess,
      }
      const sink = { ...collect('a'), mayHoldProcess: () => true }
      const dispatcher = dispatcherOf(stuck, sink)
      for (let turn = 0; turn < 10; turn += 1) dispatcher.announce({ id: 6 })
      t.equal(await dispatcher.drain(20), !mayHoldProcess, 'and it tells whether we can end')
      t.equal(sink.seen.length, 10)
    }
  },
)

t.test(
  'configured sinks are exchanged, and the former ones still deliver what they got',
  async (t) => {
    const always = collect('always')
    const dispatcher = dispatcherOf(always)
    const former = { ...collect('former'), closed: 0 }
    const gate = new EventTarget()
    const slow: Sink = {
      ...former,
      deliver: async (entry) => {
        await new Promise((resolve) => {
          gate.addEventListener('open', resolve, { once: true })
        })
        await former.deliver(entry)
      },
      close: async () => {
        former.closed += 1
      },
    }
    dispatcher.configure({ more: [slow], admits: () => true })
    dispatcher.announce({ id: 7 })
    const later = collect('later')
    dispatcher.configure({ more: [later], admits: (sink, { id }) => sink !== 'always' || id !== 8 })
    dispatcher.announce({ id: 8 })
    t.equal(former.closed, 0, 'not before it has delivered')
    gate.dispatchEvent(new Event('open'))
    t.equal(await dispatcher.end(30_000), true)
    const ids = [always, former, later].map(({ seen }) => seen.map(({ id }) => id))
    t.strictSame(ids, [[7], [7], [8]])
    t.equal(former.closed, 1)
  },
)

t.test('the end waits for what a sink has put off, but no longer than said', async (t) => {
  const steps: string[] = []
  const sink: Sink = {
    ...collect('webhook'),
    flush: async () => void steps.push('flush'),
    close: async () => void steps.push('close'),
  }
  const dispatcher = dispatcherOf()
  dispatcher.configure({ more: [sink], admits: () => true })
  dispatcher.announce({ id: 6 })
  t.equal(await dispatcher.end(30_000), true)
  t.strictSame(steps, ['flush', 'close'])
  const never = async () => new Promise<void>(() => {})
  const stuck = dispatcherOf()
  stuck.configure({ more: [{ ...sink, flush: never, close: never }], admits: () => true })
  stuck.announce({ id: 6 })
  const began = performance.now()
  t.equal(await stuck.end(20), true, 'it keeps no process')
  t.ok(performance.now() - began < 10_000)
})

t.test('at the end every sink gives up what it holds, unless one still delivers', async (t) => {
  const holding = { ...collect('log'), isOpen: false }
  const deliver: Sink['deliver'] = async (entry) => {
    holding.isOpen = true
    await holding.deliver(entry)
  }
  const close = async () => {
    holding.isOpen = false
  }
  const log: Sink = { ...holding, deliver, close }
  const dispatcher = dispatcherOf(log)
  dispatcher.announce({ id: 6 })
  t.equal(await dispatcher.end(30_000), true)
  t.strictSame([holding.isOpen, holding.seen.length], [false, 1])

  const hanging: Sink = {
    ...collect('disk'),
    deliver: async () => new Promise(() => {}),
    mayHoldProcess: () => true,
  }
  const stuck = dispatcherOf(log, hanging)
  stuck.announce({ id: 6 })
  t.equal(await stuck.end(20), false)
  t.equal(holding.isOpen, true, 'whoever ends with one that hangs loses no time over the others')
})
