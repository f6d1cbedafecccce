import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { loadFleetTexts } from '../../../src/cli/fleet/fleet-texts.ts'
import type { FleetEntry, FleetList } from '../../../src/cli/fleet/fleet-list.ts'
import { runFleet } from '../../../src/cli/fleet/run-fleet.ts'
import { monitorRequest } from '../../../src/cli/monitor/monitor-request.ts'
import type { ProcessHandlers } from '../../../src/cli/monitor/process-events.ts'
import { readSettings } from '../../../src/cli/settings/settings.ts'
import { layoutUnder } from '../../../src/registry/layout.ts'
import { Registry } from '../../../src/registry/registry.ts'
import { eventually } from '../../helpers/eventually.ts'
import { fakeIo } from '../../helpers/fake-io.ts'
import { watchedNfs, type WatchedNfs } from '../../helpers/nfs-watch.ts'

const texts = await loadFleetTexts('en')
const settings = await readSettings('/nowhere/clp-fsmon.toml')
const forever = new AbortController().signal

async function servers(t: Test, count: number): Promise<WatchedNfs[]> {
  const all: WatchedNfs[] = []
  for (let index = 0; index < count; index += 1) all.push(await watchedNfs(t))
  return all
}

function entry(id: string, nfs: WatchedNfs, more: string[] = [], group = ''): FleetEntry {
  const timing = ['-i', '1', '-c', '1', '-r', '1']
  const request = monitorRequest('clp_nfsmon', [id, ...nfs.argv, ...timing, ...more])
  if (request.want !== 'watch') throw new Error('not a watch')
  return { id, group, settings: request.settings }
}

function list(watches: FleetEntry[], more: Partial<FleetList> = {}): FleetList {
  const limits = { inAll: 8, perAddress: 4 }
  return { file: '/etc/clp-fsmon/watches.toml', exitOn: 'any', limits, watches, ...more }
}

/** A process with several watches, within this process. */
function run(root: string, first: FleetList, id = 'watches') {
  const layout = layoutUnder(root)
  const io = fakeIo({ CLP_FSMON_ROOT: root, PATH: '/usr/bin:/bin' }, process.getuid?.() ?? 0)
  let handlers: ProcessHandlers | undefined
  const next: { list: FleetList | Error } = { list: first }
  const exit = runFleet({
    id,
    list: first,
    settings,
    readAgain: async () => {
      if (next.list instanceof Error) throw next.list
      return { list: next.list, settings }
    },
    layout,
    texts,
    io,
    listen: (given) => {
      handlers = given
    },
  })
  const log = join(layout.log, 'alert.log')
  const said = () => (existsSync(log) ? readFileSync(log, 'utf8') : '')
  const registry = new Registry(layout.run)
  return {
    exit,
    io,
    next,
    registry,
    said,
    handlers: () => handlers,
    ids: () =>
      said()
        .trim()
        .split('\n')
        .flatMap((line) => (JSON.parse(line) as { id?: number }).id ?? []),
    says: async (text: string, times = 1) =>
      eventually(`${times} × ${text}`, () => said().split(text).length > times),
    state: async (id: string) => {
      const found = await registry.read(id)
      return found.kind === 'live' ? found.record.state : found.kind
    },
    ask: async (id: string, action: 'pause' | 'continue' | 'stop' | 'reload' | 'status') =>
      registry.ask(id, { command: 'clp_nfsmon', action }, forever),
  }
}

const rootOf = ([first]: WatchedNfs[]) => first?.env.CLP_FSMON_ROOT ?? ''

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
  t.same([await fleet.state('a1'), await fleet.state('b1')], ['watching', 'paused'])
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

t.test('the first abnormal server ends the process: 6 for it, 3 for the others', async (t) => {
  const all = await servers(t, 3)
  const [a, b, c] = all
  if (a === undefined || b === undefined || c === undefined) throw new Error('no servers')
  const fleet = run(rootOf(all), list([entry('a1', a), entry('b1', b), entry('c1', c)]))
  await fleet.says('"id":2', 3)
  b.fallSilent()
  t.strictSame(await fleet.exit, { status: 1, stuck: false })
  t.strictSame(fleet.ids(), [1, 1, 1, 2, 2, 2, 0, 66, 6, 3, 3])
  t.match(fleet.said(), 'the process ends with b1')
  t.match(await fleet.registry.read('b1'), {
    record: { ended: { how: 'abnormal', exitStatus: 1 } },
  })
  t.match(await fleet.registry.read('a1'), { record: { ended: { how: 'stopped', exitStatus: 0 } } })
  t.match(await fleet.registry.read('watches'), {
    record: { ended: { how: 'abnormal', exitStatus: 1 }, lastCheck: { reason: /^b1: / } },
  })
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
    t.equal(await fleet.state('b1'), 'watching')
    a.speak()
    await fleet.says('"id":2', 3)
    await eventually('a1 is well', async () => (await fleet.state('a1')) === 'watching')
    a.fallSilent()
    b.fallSilent()
    t.strictSame(await fleet.exit, { status: 1, stuck: false })
  },
)

t.test('a process in which every watch was stopped ends well', async (t) => {
  const all = await servers(t, 2)
  const [a, b] = all
  if (a === undefined || b === undefined) throw new Error('no servers')
  const fleet = run(rootOf(all), list([entry('a1', a), entry('b1', b)]))
  await fleet.says('"id":2', 2)
  await fleet.ask('a1', 'stop')
  await fleet.ask('b1', 'stop')
  t.strictSame(await fleet.exit, { status: 0, stuck: false })
})

t.test('an ID that another process watches keeps the whole list from starting', async (t) => {
  const all = await servers(t, 2)
  const [a, b] = all
  if (a === undefined || b === undefined) throw new Error('no servers')
  const first = run(rootOf(all), list([entry('b1', b)]))
  await first.says('"id":2')
  const second = run(rootOf(all), list([entry('a1', a), entry('b1', b)]), 'second')
  t.strictSame(await second.exit, { status: 3, stuck: false })
  t.match(second.io.complained(), /b1 of .* is already watched by clp_nfsmon \(pid \d+\)\. Nothing/)
  t.match(first.said(), '"id":14')
  t.equal(await second.state('a1'), 'ended')
  t.equal(a.checks(), 0)
  t.equal(await first.state('b1'), 'watching')
  t.match(await second.registry.read('second'), { record: { ended: { exitStatus: 3 } } })
  const third = run(rootOf(all), list([entry('a1', a)]))
  t.strictSame(await third.exit, { status: 3, stuck: false })
  t.match(third.io.complained(), /watches of .* is already watched by clp_fsmon \(pid \d+\)/)
  first.handlers()?.onStop('SIGTERM')
  t.match(await first.exit, { status: 0 })
})

t.test('without a license nothing starts', async (t) => {
  const all = await servers(t, 1)
  const [a] = all
  if (a === undefined) throw new Error('no server')
  rmSync(join(layoutUnder(rootOf(all)).lib, 'license.json'))
  const fleet = run(rootOf(all), list([entry('a1', a)]))
  t.strictSame(await fleet.exit, { status: 4, stuck: false })
  t.strictSame(fleet.ids(), [51])
  t.equal(await fleet.state('a1'), 'none')
})

t.test('a list that is read again changes what has changed, and nothing else', async (t) => {
  const all = await servers(t, 4)
  const [a, b, c, d] = all
  if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error()
  const kept = entry('a1', a)
  const fleet = run(rootOf(all), list([kept, entry('b1', b), entry('c1', c)]))
  await fleet.says('"id":2', 3)
  await fleet.ask('b1', 'pause')
  const before = await fleet.registry.read('a1')
  fleet.next.list = list([kept, entry('b1', b, ['--start-wait', '7']), entry('d1', d)], {
    exitOn: 'all',
  })
  const answer = await fleet.ask('a1', 'reload')
  t.match(answer, { answer: { ok: true, text: /: 2 begun, 2 ended, 1 unchanged\. .*: exit-on\./ } })
  await fleet.says('"id":2', 4)
  t.equal(await fleet.state('b1'), 'paused', 'what the operator paused stays so')
  t.match(await fleet.registry.read('b1'), { record: { options: { startWaitS: 7 } } })
  t.equal(await fleet.state('c1'), 'ended')
  t.equal(await fleet.state('d1'), 'watching')
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
