import t, { type Test } from 'tap'
import { loadViewTexts } from '../../../src/cli/view/view-texts.ts'
import {
  watchStatus,
  type LiveJob,
  type SignalHandlers,
} from '../../../src/cli/view/watch-status.ts'
import type { SeenWatch } from '../../../src/view/watches.ts'
import { AlertLog, alertLine } from '../../helpers/alert-log.ts'
import { eventually } from '../../helpers/eventually.ts'
import { fakeIo } from '../../helpers/fake-io.ts'
import { FakeTerminal } from '../../helpers/fake-terminal.ts'

const words = await loadViewTexts('en')

const watchOf = (id: string, more: Partial<SeenWatch> = {}): SeenWatch => ({
  id,
  state: 'watching',
  command: 'clp_sambamon',
  target: 'pub',
  server: '192.0.2.1',
  failures: 0,
  attempts: 6,
  ...more,
})

/** A live view of these watches in a terminal that is none. */
function begin(t: Test, more: Partial<LiveJob> = {}, env: Record<string, string> = {}) {
  const fake = new FakeTerminal()
  const log = new AlertLog(t.testdir())
  const io = fakeIo({ LANG: 'C.UTF-8', ...env })
  const seen: { watches: SeenWatch[]; error?: Error; reads: number } = {
    watches: [watchOf('a'), watchOf('b')],
    reads: 0,
  }
  let signals: SignalHandlers | undefined
  const heard = { released: 0 }
  const read = async (): Promise<SeenWatch[]> => {
    seen.reads += 1
    if (seen.error !== undefined) throw seen.error
    return seen.watches
  }
  const done = watchStatus({
    id: undefined,
    reader: { read },
    logPath: log.path,
    words,
    io,
    terminal: fake.streams,
    onSignals: (handlers) => {
      signals = handlers
      return () => {
        heard.released += 1
      }
    },
    everyMs: 10,
    ...more,
  })
  t.teardown(() => {
    fake.type('q')
  })
  const shows = (pattern: RegExp) => eventually(`shows ${pattern}`, () => pattern.test(fake.all))
  return { fake, log, io, seen, heard, done, shows, signals: () => signals }
}

t.test('what changes is shown, alerts as well, until q is pressed', async (t) => {
  const { fake, log, seen, heard, done, shows } = begin(t)
  await shows(/\[2Ka .*watching/)
  seen.watches = [watchOf('a', { state: 'failing', failures: 2 })]
  await shows(/failing.*2\/6/)
  log.add(alertLine(7))
  await shows(/alert 7/)
  log.add(alertLine(8))
  await shows(/alert 8/)
  fake.type('q')
  t.equal(await done, 0)
  t.match(fake.all, /\[\?1049l$/, 'the terminal is given back')
  t.equal(fake.isRaw(), false)
  t.equal(heard.released, 1)
})

t.test('keys scroll and filter at once', async (t) => {
  const watches = Array.from({ length: 100 }, (_, i) => watchOf(`watch${i}`))
  const { fake, shows } = begin(t, { everyMs: 3_600_000, reader: { read: async () => watches } })
  await shows(/1-\d+\/100/)
  fake.type('\x1b[B')
  await shows(/2-\d+\/100/)
  fake.type('/watch99\r')
  await shows(/filter: watch99/)
  fake.resize(100, 10)
  t.match(fake.written(), /watch99/)
})

t.test('a signal ends it with its status, and the terminal is given back', async (t) => {
  const { fake, done, shows, signals } = begin(t)
  await shows(/watching/)
  signals()?.end(143)
  signals()?.end(1)
  t.equal(await done, 143)
  t.match(fake.all, /\[\?1049l$/)
})

t.test('while it is stopped the terminal is as it was', async (t) => {
  const { fake, shows, signals } = begin(t, { everyMs: 3_600_000 })
  await shows(/watching/)
  signals()?.suspend()
  t.equal(fake.isRaw(), false)
  t.match(fake.written(), /\[\?1049l$/)
  signals()?.resume()
  t.equal(fake.isRaw(), true)
  t.match(fake.written(), /\[\?1049h.*watching/s)
})

t.test(
  'one that cannot be looked at for a while is shown as before, with the reason',
  async (t) => {
    const { seen, shows, fake } = begin(t)
    await shows(/watching/)
    seen.error = new Error('EMFILE')
    await shows(/EMFILE/)
    const { reads } = seen
    delete seen.error
    await eventually('it looks again', () => seen.reads > reads + 1)
    t.match(fake.all, 'watching')
  },
)

t.test('it ends when the terminal has gone', async (t) => {
  const { fake, done } = begin(t)
  fake.input.emit('end')
  t.equal(await done, 0)
  const io = { ...fakeIo(), isRead: () => false }
  t.equal(await begin(t, { io }).done, 0)
})

t.test('colours are left out where they are not wanted', async (t) => {
  const failing = [watchOf('a', { state: 'failing' })]
  for (const [env, colours] of [
    [{}, true],
    [{ NO_COLOR: '' }, true],
    [{ NO_COLOR: '1' }, false],
    [{ TERM: 'dumb' }, false],
  ] as [Record<string, string>, boolean][]) {
    const { fake, shows, done, seen } = begin(t, {}, env)
    seen.watches = failing
    await shows(/failing/)
    fake.type('q')
    await done
    t.equal(fake.all.includes('\x1b[1;31m'), colours, JSON.stringify(env))
  }
})

t.test('without a terminal everything is printed once', async (t) => {
  const log = new AlertLog(t.testdir())
  log.add(alertLine(3))
  const io = fakeIo()
  const job = {
    reader: { read: async () => [watchOf('a'), watchOf('b')] },
    logPath: log.path,
    words,
    io,
    terminal: undefined,
    onSignals: () => () => undefined,
  }
  t.equal(await watchStatus({ ...job, id: undefined }), 0)
  t.match(
    io.printed(),
    /^server1 .*\nID .*\na +watching .*\nb +watching .*\nLast alerts\n.*alert 3\n$/,
  )
  // oxlint-disable-next-line no-control-regex
  t.notMatch(io.printed(), /\x1b/)
  const one = fakeIo()
  await watchStatus({ ...job, id: 'b', io: one })
  t.notMatch(one.printed(), /^a /m)
})
