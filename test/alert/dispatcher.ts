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
