import { rmSync } from 'node:fs'
import t, { type Test } from 'tap'
import type { Asked } from '../../../../src/cli/fsmon/inventory/ask-server.ts'
import {
  ServerWatch,
  type ServerWatchParts,
} from '../../../../src/cli/fsmon/inventory/server-watch.ts'
import type { Item, Protocol } from '../../../../src/inventory/item.ts'
import { Ledger } from '../../../../src/inventory/ledger.ts'
import type { Status } from '../../../../src/registry/status.ts'
import { eventually } from '../../../helpers/eventually.ts'
import { FakeClock } from '../../../helpers/fake-clock.ts'

const item = (name: string, comment = ''): Item => ({ name, properties: { type: 'disk', comment } })
const answer = (...items: Item[]): Asked => ({
  kind: 'answer',
  stages: [
    { name: 'a', ms: 0.1 },
    { name: 'list', ms: 0.2 },
  ],
  answer: { items, isComplete: true, askedAs: 'anonymous' },
})
const failed = (reason = 'no answer in time'): Asked => ({ kind: 'failed', stages: [], reason })
const notServed: Asked = { kind: 'not-served', stages: [], reason: 'ECONNREFUSED' }

/** A watch of a server that answers what it is told to. */
async function begin(
  t: Test,
  answers: Partial<Record<Protocol, Asked>>,
  more: Partial<ServerWatchParts> = {},
  directory = t.testdir(),
) {
  const clock = new FakeClock()
  const ledgers = new Map<Protocol, Ledger>()
  for (const protocol of ['smb', 'nfs3', 'nfs4'] as const) {
    if (answers[protocol] === undefined) continue
    ledgers.set(protocol, (await Ledger.open(directory, 'nas', protocol)).ledger)
  }
  const said: string[] = []
  const logged: string[] = []
  const records: Status[] = []
  let looks = 0
  const watch = new ServerWatch({
    server: 'nas',
    ledgers,
    demanded: [],
    all: false,
    intervalMs: 1000,
    waitMs: 500,
    clock,
    ask: async (protocol) => answers[protocol] ?? failed(),
    announce: (_, { id, text = '' }) => said.push(`${id} ${text}`),
    delivered: async () => undefined,
    log: (level, text) => logged.push(`${level} ${text}`),
    saveRecord: async (status) => {
      records.push(status)
      if (status.lastCheck !== undefined) looks += 1
    },
    pauseLimits: { extensions: 1 },
    reload: async (state) => ({ ok: true, state, text: 'read' }),
    ...more,
  })
  const running = watch.run()
  t.teardown(async () => {
    watch.stop('end')
    await running
  })
  /** Waits for what is under way, or for the next question. */
  const look = async (): Promise<void> => {
    const before = looks
    if (before > 0) await clock.advance(1000)
    await eventually('a look', () => looks > before && clock.waiting > 0)
  }
  await look()
  return { watch, running, clock, answers, said, logged, records, look, directory }
}

t.test('what is there at first is stored, and then every difference is told once', async (t) => {
  const { answers, said, logged, look, watch } = await begin(t, {
    smb: answer(item('a'), item('b')),
  })
  t.match(logged, [/info .*SMB: 2 found and stored/])
  await look()
  t.strictSame(said, [])
  answers.smb = answer(item('b', 'x'), item('c'))
  await look()
  await look()
  t.strictSame(said, ['121 [a] on nas', '122 [b] on nas: comment was "", is "x"', '120 [c] on nas'])
  t.match(watch.status, {
    state: 'watching',
    failures: 0,
    succeeded: true,
    lastCheck: { verdict: 'ok' },
  })
})

t.test('what is no answer takes nothing away; it is said once, and shown', async (t) => {
  const { answers, said, logged, look, watch } = await begin(t, { smb: answer(item('a')) })
  logged.length = 0
  const bad: Asked[] = [
    failed('a'),
    failed('a'),
    notServed,
    { kind: 'own-trouble', stages: [], reason: 'EMFILE' },
  ]
  for (const one of bad) {
    answers.smb = one
    await look()
  }
  t.match(watch.status, {
    state: 'failing',
    failures: 4,
    lastCheck: { verdict: 'cannot-judge', reason: 'SMB: EMFILE' },
  })
  answers.smb = answer(item('a'))
  await look()
  t.strictSame(said, [])
  t.match(logged, [/not known: a; nothing is taken/, /ECONNREFUSED/, /EMFILE/, /answers again/])
  t.equal(logged.length, 4)
  t.match(watch.status, { state: 'watching', failures: 0 })
})

t.test('what a server never had is no trouble, unless it was named, or it is all', async (t) => {
  const three = { smb: answer(item('a')), nfs3: notServed, nfs4: notServed }
  const quiet = await begin(t, three)
  t.equal(quiet.watch.status.state, 'watching')
  t.match(quiet.logged, [/SMB/, /info .*never was/, /info .*never was/])
  const named = await begin(t, three, { demanded: ['nfs'] }, t.testdir())
  t.equal(named.watch.status.state, 'failing')
  const half = await begin(
    t,
    { nfs3: notServed, nfs4: answer({ name: '/a', properties: {} }) },
    { demanded: ['nfs'] },
    t.testdir(),
  )
  t.equal(half.watch.status.state, 'watching')
  const none = await begin(t, { smb: notServed }, {}, t.testdir())
  t.equal(none.watch.status.state, 'failing')
})

t.test('an answer that lacks some takes nothing away, and is said to', async (t) => {
  const whole = answer(item('/a'), item('/b'))
  const { answers, said, logged, look, watch } = await begin(t, { nfs4: whole })
  if (whole.kind !== 'answer') return
  answers.nfs4 = { ...whole, answer: { ...whole.answer, items: [item('/c')], isComplete: false } }
  await look()
  await look()
  t.strictSame(said, ["120 '/c' (NFS version 4) on nas"])
  t.equal(watch.status.state, 'failing')
  t.equal(logged.filter((line) => line.includes('not everything')).length, 1)
})

t.test('asked as somebody else nothing is told but that', async (t) => {
  const first = answer(item('a'))
  const { answers, said, logged, look } = await begin(t, { smb: first })
  if (first.kind !== 'answer') return
  answers.smb = { ...first, answer: { ...first.answer, items: [item('b')], askedAs: '' } }
  await look()
  await look()
  t.strictSame(said, [])
  t.match(logged.at(-1), /now asked as nobody, before as anonymous/)
})

t.test(
  'special shares count only when all do, but a disk that ceases to be one does',
  async (t) => {
    const special = (name: string, type: string): Item => ({
      name,
      properties: { type, comment: '' },
      isSpecial: true,
    })
    const plain = await begin(t, { smb: answer(item('a'), special('p', 'printer')) })
    plain.answers.smb = answer(special('a', 'printer'), special('q', 'printer'))
    await plain.look()
    t.strictSame(plain.said, ['122 [a] on nas: type was "disk", is "printer"'])
    const all = await begin(t, { smb: answer() }, { all: true }, t.testdir())
    all.answers.smb = answer(special('q', 'printer'))
    await all.look()
    t.strictSame(all.said, ['120 [q] on nas'])
  },
)

t.test('many at once are given out in batches', async (t) => {
  let deliveries = 0
  const delivered = async () => {
    deliveries += 1
  }
  const { answers, said, look } = await begin(t, { smb: answer() }, { delivered })
  answers.smb = answer(...Array.from({ length: 250 }, (_, at) => item(`s${at}`)))
  await look()
  t.equal(said.length, 250)
  t.equal(deliveries, 3)
})

t.test('a list that cannot be stored is said once, and told no second time', async (t) => {
  const { answers, said, logged, look, watch, directory } = await begin(t, { smb: answer() })
  rmSync(directory, { recursive: true })
  answers.smb = answer(item('a'))
  await look()
  await look()
  t.strictSame(said, ['120 [a] on nas'])
  t.equal(logged.filter((line) => line.includes('cannot be stored')).length, 1)
  t.equal(watch.status.state, 'failing')
})

t.test('a pause asks nothing, and what happened in it is told after it', async (t) => {
  let asked = 0
  const list = { smb: answer(item('a')) }
  const { said, watch, clock, records, look } = await begin(t, list, {
    ask: async () => {
      asked += 1
      return list.smb
    },
  })
  t.match(await watch.control('pause'), { ok: true, state: 'paused' })
  t.match(records.at(-1), { state: 'paused', pausedSince: /2026/ })
  list.smb = answer()
  await clock.advance(5000)
  t.equal(asked, 1)
  t.match(await watch.control('status'), { ok: true, state: 'paused' })
  const before = records.length
  t.match(await watch.control('continue'), { ok: true, state: 'starting' })
  await eventually('a look', () => records.length > before + 1)
  t.strictSame(said, ['121 [a] on nas'])
  t.strictSame(await watch.control('reload'), { ok: true, state: 'watching', text: 'read' })
  await look()
  t.match(await watch.control('stop'), { ok: true, state: 'ending' })
})

t.test('a pause for a time ends by itself, and says until when it lasts', async (t) => {
  let asked = 0
  const { watch, clock, records, logged } = await begin(
    t,
    { smb: answer(item('a')) },
    {
      ask: async () => {
        asked += 1
        return answer(item('a'))
      },
    },
  )
  const pauseEnd = { until: /^2026/, extensionsLeft: 1 }
  t.match(await watch.control('pause', 90), { ok: true, state: 'paused', pauseEnd })
  t.match(records.at(-1), { state: 'paused', pausedUptimeMs: Number, pauseEnd })
  await clock.advance(29_000)
  t.equal(logged.filter((line) => line.includes('the pause')).length, 0)
  t.match(await watch.control('pause', 90), { ok: true, pauseEnd: { extensionsLeft: 0 } })
  t.match(await watch.control('pause', 100), {
    ok: false,
    state: 'paused',
    refusals: [{ why: 'pause-put-off' }],
  })
  await clock.advance(89_000)
  t.equal(asked, 1)
  t.match(logged.at(-1), 'warn inventory of nas: the pause ends in 60 s')
  await clock.advance(1000)
  await eventually('it goes on', () => asked === 2)
  t.match(logged.at(-1), 'info inventory of nas: the pause has reached its end')
  await eventually('it says so', () => records.at(-1)?.state === 'watching')
  t.strictSame(records.at(-1)?.pauseEnd, undefined)
  t.strictSame(records.at(-1)?.pausedUptimeMs, undefined)
})

t.test(
  'a pause that is longer than it may be is refused, and a bare one has that end',
  async (t) => {
    const pauseLimits = { longestMs: 60_000, extensions: 0 }
    const { watch, clock } = await begin(t, { smb: answer(item('a')) }, { pauseLimits })
    t.match(await watch.control('pause', 61), {
      ok: false,
      state: 'watching',
      refusals: [{ why: 'pause-too-long' }],
    })
    t.match(await watch.control('pause'), { ok: true, state: 'paused', pauseEnd: {} })
    await clock.advance(60_000)
    await eventually('it goes on', () => watch.status.state === 'watching')
    watch.stop('end')
    t.match(await watch.control('pause', 5), { ok: false, text: 'is ending' })
  },
)

t.test('a stop gives up what is under way', async (t) => {
  const clock = new FakeClock()
  const { ledger } = await Ledger.open(t.testdir(), 'nas', 'smb')
  let began: (() => void) | undefined
  const hasBegun = new Promise<void>((resolve) => (began = resolve))
  const said: string[] = []
  const watch = new ServerWatch({
    server: 'nas',
    ledgers: new Map([['smb', ledger]]),
    demanded: ['smb'],
    all: false,
    intervalMs: 1000,
    waitMs: 500,
    clock,
    ask: async (_, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve({ kind: 'aborted', stages: [] }))
        began?.()
      }),
    announce: (_, { id }) => said.push(String(id)),
    delivered: async () => undefined,
    log: (_, text) => said.push(text),
    saveRecord: async () => {
      throw new Error('ENOSPC')
    },
    pauseLimits: { extensions: 0 },
    reload: async (state) => ({ ok: true, state, text: '' }),
  })
  const running = watch.run()
  await hasBegun
  watch.stop('SIGTERM')
  await running
  t.equal(watch.status.state, 'ending')
  t.equal(said.length, 1, 'only that the record cannot be written')
})
