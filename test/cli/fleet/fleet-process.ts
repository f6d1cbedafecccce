import { mkdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { layoutUnder } from '../../../src/registry/layout.ts'
import { eventually } from '../../helpers/eventually.ts'
import { entry, forever, list, rootOf, run, servers } from '../../helpers/fleet-run.ts'

t.test('each ID is registered, shown and controlled as if it were alone', async (t) => {
  const all = await servers(t, 3)
  const [a, b, c] = all
  if (a === undefined || b === undefined || c === undefined) throw new Error('no servers')
  const fleet = run(rootOf(all), list([entry('a1', a), entry('b1', b), entry('c1', c)]))
  await fleet.says('"id":2', 3)
  t.match(
    fleet.io.complained(),
    /^clp_fsmon: watching 3 targets of \/etc\/clp-fsmon\/watches\.toml \(exit-on any\)\.\n$/,
  )
  for (const id of ['a1', 'b1', 'c1']) {
    t.match(await fleet.registry.read(id), {
      kind: 'live',
      record: { id, command: 'clp_nfsmon', sharesProcess: true, process: { pid: process.pid } },
    })
  }
  t.match(await fleet.ask('b1', 'pause'), { answer: { ok: true } })
  await eventually('a1 is watched', async () => (await fleet.state('a1')) === 'watching')
  t.equal(await fleet.state('b1'), 'paused')
  const before = b.checks()
  const seen = a.checks()
  await eventually('three more checks of a1', () => a.checks() > seen + 2)
  t.equal(b.checks(), before)
  t.match(await fleet.ask('b1', 'continue'), { answer: { ok: true } })
  t.match(await fleet.ask('c1', 'stop'), { answer: { ok: true } })
  t.equal(await fleet.registry.waitForEnd('c1', forever), true)
  t.match(await fleet.ask('a1', 'status'), { answer: { ok: true, state: 'watching' } })
  fleet.handlers()?.onStop('SIGTERM')
  t.strictSame(await fleet.exit, { status: 0, stuck: false })
  for (const id of ['a1', 'b1', 'c1']) {
    t.match(await fleet.registry.read(id), { kind: 'ended', record: { ended: { how: 'stopped' } } })
  }
})

t.test(
  'where all must be abnormal, one that fails is shown, and watched until it is back',
  async (t) => {
    const all = await servers(t, 2)
    const [a, b] = all
    if (a === undefined || b === undefined) throw new Error('no servers')
    const fleet = run(rootOf(all), list([entry('a1', a), entry('b1', b)], { exitOn: 'all' }))
    await fleet.says('"id":2', 2)
    a.fallSilent()
    await fleet.says('"id":6')
    await eventually('a1 is abnormal', async () => (await fleet.state('a1')) === 'abnormal')
    await eventually('b1 is watched', async () => (await fleet.state('b1')) === 'watching')
    a.speak()
    await fleet.says('"id":2', 3)
    await eventually('a1 is well', async () => (await fleet.state('a1')) === 'watching')
    a.fallSilent()
    b.fallSilent()
    t.strictSame(await fleet.exit, { status: 1, stuck: false })
  },
)

t.test('a list that is read again changes what has changed, and nothing else', async (t) => {
  const all = await servers(t, 4)
  const [a, b, c, d] = all
  if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error()
  const kept = entry('a1', a)
  const fleet = run(rootOf(all), list([kept, entry('b1', b), entry('c1', c)]))
  await fleet.says('"id":2', 3)
  await fleet.ask('b1', 'pause', 600)
  const before = await fleet.registry.read('a1')
  fleet.next.list = list([kept, entry('b1', b, ['--start-wait', '7']), entry('d1', d)], {
    exitOn: 'all',
  })
  const answer = await fleet.ask('a1', 'reload')
  t.match(answer, { answer: { ok: true, text: /: 2 begun, 2 ended, 1 unchanged\. .*: exit-on\./ } })
  await fleet.says('"id":2', 4)
  t.equal(await fleet.state('b1'), 'paused', 'what the operator paused stays so')
  t.match(await fleet.registry.read('b1'), {
    record: { options: { startWaitS: 7 }, pauseEnd: { extensionsLeft: 3 } },
  })
  t.equal(await fleet.state('c1'), 'ended')
  await eventually('d1 is watched', async () => (await fleet.state('d1')) === 'watching')
  const after = await fleet.registry.read('a1')
  if (!('record' in before && 'record' in after)) throw new Error('no record')
  t.equal(after.record.startedAt, before.record.startedAt)
  t.equal(fleet.ids().filter((id) => id === 1).length, 5)

  fleet.next.list = new Error('watches.toml:3: watch[1].id: is missing')
  fleet.handlers()?.onReload?.()
  await fleet.says('everything goes on as before: watches.toml:3')
  t.match(await fleet.ask('d1', 'reload'), { answer: { ok: false, text: /watches\.toml:3/ } })
  t.equal(await fleet.state('d1'), 'watching')
  fleet.handlers()?.onStop('SIGTERM')
  t.strictSame(await fleet.exit, { status: 0, stuck: false })
})

t.test('an ID that another process has meanwhile is skipped by a reload, and said', async (t) => {
  const all = await servers(t, 2)
  const [a, b] = all
  if (a === undefined || b === undefined) throw new Error('no servers')
  const other = run(rootOf(all), list([entry('b1', b)]), 'other')
  const fleet = run(rootOf(all), list([entry('a1', a)]))
  await fleet.says('"id":2', 2)
  fleet.next.list = list([entry('a1', a), entry('b1', b)])
  t.match(await fleet.ask('a1', 'reload'), { answer: { ok: false, text: /another process: b1\./ } })
  other.handlers()?.onStop('SIGTERM')
  t.match(await other.exit, { status: 0 })
  t.match(await fleet.ask('a1', 'reload'), { answer: { ok: true, text: /: 1 begun, 0 ended/ } })
  fleet.handlers()?.onStop('SIGTERM')
  t.match(await fleet.exit, { status: 0 })
})

t.test(
  'what cannot be begun by a reload keeps no other from it, and is begun by the next',
  async (t) => {
    const all = await servers(t, 2)
    const [a, b] = all
    if (a === undefined || b === undefined) throw new Error('no servers')
    const root = rootOf(all)
    const fleet = run(root, list([entry('a1', a)]))
    await fleet.says('"id":2')
    const place = join(layoutUnder(root).run, 'b1.json')
    mkdirSync(place)
    fleet.next.list = list([entry('a1', a), entry('b1', b), entry('c1', b)])
    const answer = await fleet.ask('a1', 'reload')
    t.match(answer, { answer: { ok: false, text: /: 1 begun, 0 ended.*not watched.*: b1\./ } })
    await fleet.says('b1 cannot be begun')
    await fleet.says('"id":2', 2)
    await eventually('c1 is watched', async () => (await fleet.state('c1')) === 'watching')
    rmdirSync(place)
    t.match(await fleet.ask('a1', 'reload'), { answer: { ok: true, text: /: 1 begun, 0 ended/ } })
    await eventually('b1 is watched', async () => (await fleet.state('b1')) === 'watching')
    fleet.handlers()?.onStop('SIGTERM')
    t.strictSame(await fleet.exit, { status: 0, stuck: false })
  },
)

t.test('a stop in the middle of a reload leaves no ID behind', async (t) => {
  const all = await servers(t, 1)
  const [a] = all
  if (a === undefined) throw new Error('no server')
  const fleet = run(rootOf(all), list([entry('a1', a)]))
  await fleet.says('"id":2')
  const ids = Array.from({ length: 40 }, (_, at) => `n${at}`)
  fleet.next.list = list([entry('a1', a), ...ids.map((id) => entry(id, a))])
  fleet.handlers()?.onReload?.()
  await eventually('the first is begun', async () => (await fleet.state('n0')) !== 'none')
  fleet.handlers()?.onStop('SIGTERM')
  t.strictSame(await fleet.exit, { status: 0, stuck: false })
  const left = await Promise.all(ids.map(async (id) => fleet.state(id)))
  t.same(
    left.filter((state) => state !== 'none' && state !== 'ended'),
    [],
  )
})

t.test('an error that nobody caught ends no watch', async (t) => {
  const all = await servers(t, 2)
  const [a, b] = all
  if (a === undefined || b === undefined) throw new Error('no servers')
  const fleet = run(rootOf(all), list([entry('a1', a), entry('b1', b)]))
  await fleet.says('"id":2', 2)
  fleet.handlers()?.onBug(new TypeError('a bug'))
  await fleet.says('TypeError: a bug')
  b.fallSilent()
  await eventually('a check of b1 hangs', async () => {
    fleet.handlers()?.onBug(new TypeError('another bug'))
    return fleet.said().includes('could not judge')
  })
  b.speak()
  fleet.handlers()?.onStop('SIGTERM')
  t.match(await fleet.exit, { status: 0 })
})

t.test('the record of the process tells of all its watches, and controls them all', async (t) => {
  const all = await servers(t, 2)
  const [a, b] = all
  if (a === undefined || b === undefined) throw new Error('no servers')
  const fleet = run(rootOf(all), list([entry('a1', a), entry('b1', b)], { exitOn: 'all' }))
  const own = async () => fleet.registry.read('watches')
  const state = async () => fleet.state('watches')
  await eventually('all are well', async () => (await state()) === 'watching')
  t.match(await own(), {
    record: {
      command: 'clp_fsmon',
      target: '/etc/clp-fsmon/watches.toml',
      options: { watches: 2, exitOn: 'all' },
      succeeded: true,
      worstCaseMs: 4000,
      failures: 0,
      lastCheck: { verdict: 'ok' },
    },
  })
  b.fallSilent()
  await eventually('one fails', async () => (await state()) === 'failing')
  t.match(await own(), { record: { failures: 1, lastCheck: { reason: /^b1: / } } })
  b.speak()
  await eventually('all are well again', async () => (await state()) === 'watching')
  const ask = async (action: 'pause' | 'continue' | 'stop' | 'status' | 'reload') =>
    fleet.registry.ask('watches', { command: 'clp_fsmon', action }, forever)
  t.match(await ask('pause'), { answer: { ok: true, state: 'paused' } })
  t.same([await fleet.state('a1'), await fleet.state('b1')], ['paused', 'paused'])
  await eventually('all are paused', async () => (await state()) === 'paused')
  t.match(await ask('continue'), { answer: { ok: true } })
  await eventually('all watch', async () => (await state()) === 'watching')
  t.match(await ask('status'), { answer: { ok: true } })
  t.match(await ask('reload'), { answer: { ok: true, text: /0 begun, 0 ended, 2 unchanged/ } })
  t.match(await ask('stop'), { answer: { ok: true } })
  t.strictSame(await fleet.exit, { status: 0, stuck: false })
  t.match(await own(), { kind: 'ended', record: { ended: { how: 'stopped', exitStatus: 0 } } })
})

t.test('all are paused or none, and those that refuse are named', async (t) => {
  const all = await servers(t, 2)
  const [a, b] = all
  if (a === undefined || b === undefined) throw new Error('no servers')
  const limited = entry('a1', a, ['--longest-pause', '4'])
  const fleet = run(rootOf(all), list([limited, entry('b1', b)]))
  await fleet.says('"id":2', 2)
  const pause = { command: 'clp_fsmon', action: 'pause', seconds: 5 } as const
  t.match(await fleet.registry.ask('watches', pause, forever), {
    answer: {
      ok: false,
      text: 'a1: at most 4 s',
      refusals: [{ why: 'pause-too-long', values: { seconds: 4 }, id: 'a1' }],
    },
  })
  await fleet.says('"id":108')
  t.same(
    fleet.ids().filter((id) => id === 7),
    [],
    'nobody was paused',
  )
  t.match(await fleet.registry.ask('watches', { ...pause, seconds: 3 }, forever), {
    answer: { ok: true, state: 'paused' },
  })
  fleet.handlers()?.onStop('SIGTERM')
  t.strictSame(await fleet.exit, { status: 0, stuck: false })
})

t.test('that there is nothing to diagnose with is said once for all watches', async (t) => {
  const two = await servers(t, 2)
  const watches = two.map((nfs, index) => entry(`w${index}`, nfs, ['--diagnose', 'on']))
  const fleet = run(rootOf(two), list(watches))
  await fleet.says('"id":2', 2)
  t.equal(fleet.said().split('no diagnosis').length, 2)
  fleet.handlers()?.onStop('SIGTERM')
  t.strictSame(await fleet.exit, { status: 0, stuck: false })
})
