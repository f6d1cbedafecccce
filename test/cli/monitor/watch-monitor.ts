import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { monitorRequest } from '../../../src/cli/monitor/monitor-request.ts'
import type { ProcessHandlers } from '../../../src/cli/monitor/process-events.ts'
import { watchMonitor } from '../../../src/cli/monitor/watch-monitor.ts'
import { loadTexts } from '../../../src/cli/texts.ts'
import { layoutUnder } from '../../../src/registry/layout.ts'
import { Registry } from '../../../src/registry/registry.ts'
import { eventually } from '../../helpers/eventually.ts'
import { fakeIo } from '../../helpers/fake-io.ts'
import { watchedNfs, type WatchedNfs } from '../../helpers/nfs-watch.ts'

const texts = await loadTexts('en')

/** A monitor within this process: quick, and gone at the end of its test. */
function watch(nfs: WatchedNfs, id = 'nfswatch', more: readonly string[] = []) {
  const root = nfs.env.CLP_FSMON_ROOT
  const layout = layoutUnder(root)
  const io = fakeIo({ ...nfs.env, PATH: '/usr/bin:/bin' }, process.getuid?.() ?? 0)
  const request = monitorRequest('clp_nfsmon', [
    id,
    ...nfs.argv,
    '-i',
    '1',
    '-c',
    '1',
    '-r',
    '1',
    ...more,
  ])
  if (request.want !== 'watch') throw new Error('not a watch')
  let handlers: ProcessHandlers | undefined
  const exit = watchMonitor({
    id,
    settings: request.settings,
    layout,
    texts,
    io,
    listen: (given) => {
      handlers = given
    },
  })
  const log = join(layout.log, 'alert.log')
  const said = () => (existsSync(log) ? readFileSync(log, 'utf8') : '')
  return {
    exit,
    io,
    run: layout.run,
    registry: new Registry(layout.run),
    handlers: () => handlers,
    said,
    says: async (text: string, times = 1) => {
      while (said().split(text).length <= times) await delay(10)
    },
    ids: () =>
      said()
        .trim()
        .split('\n')
        .flatMap((line) => (JSON.parse(line) as { id?: number }).id ?? []),
  }
}

const forever = new AbortController().signal

t.test('a healthy server is watched until -stop, through a pause', async (t) => {
  const { exit, io, says, registry, run, ids } = watch(await watchedNfs(t))
  await says('"id":2')
  t.match(
    io.complained(),
    /^clp_nfsmon: nfswatch: .* A dead server is found after at most 4 s\.\n$/,
  )
  const ask = async (action: 'pause' | 'continue' | 'status' | 'stop') =>
    registry.ask('nfswatch', { command: 'clp_nfsmon', action }, forever)
  t.match(await ask('status'), { kind: 'answer', answer: { ok: true, state: 'watching' } })
  t.match(await ask('pause'), { kind: 'answer', answer: { ok: true } })
  t.match(await registry.read('nfswatch'), { kind: 'live', record: { state: 'paused' } })
  t.match(await ask('continue'), { kind: 'answer', answer: { ok: true } })
  t.match(await ask('stop'), { kind: 'answer', answer: { ok: true } })
  t.strictSame(await exit, { status: 0, stuck: false })
  t.strictSame(ids(), [1, 2, 7, 8, 3])
  t.match(await registry.read('nfswatch'), {
    kind: 'ended',
    record: { ended: { how: 'stopped', exitStatus: 0 }, target: '/srv/data @ 127.0.0.1' },
  })
  t.ok(existsSync(run))
})

t.test('a server that falls silent is judged after all its tries, with 0, 66 and 6', async (t) => {
  const nfs = await watchedNfs(t)
  const { exit, says, ids, said } = watch(nfs)
  await says('"id":2')
  nfs.fallSilent()
  t.strictSame(await exit, { status: 1, stuck: false })
  t.strictSame(ids(), [1, 2, 0, 66, 6])
  t.match(said(), 'clp_nfsmon: RPC: Timed out')
})

t.test('without a license no monitor starts, and 51 says why', async (t) => {
  const nfs = await watchedNfs(t)
  rmSync(join(layoutUnder(nfs.env.CLP_FSMON_ROOT).lib, 'license.json'))
  const { exit, said, ids, registry } = watch(nfs)
  t.strictSame(await exit, { status: 4, stuck: false })
  t.strictSame(ids(), [51])
  t.match(said(), 'The license of clp_nfsmon is not registered.')
  t.match(await registry.read('nfswatch'), { kind: 'none' }, 'it never had its ID')
  t.equal(nfs.checks(), 0)
})

t.test('a license that is damaged while a monitor runs does not end it', async (t) => {
  const nfs = await watchedNfs(t)
  const { exit, says, handlers, ids } = watch(nfs)
  await says('"id":2')
  writeFileSync(join(layoutUnder(nfs.env.CLP_FSMON_ROOT).lib, 'license.json'), 'garbage')
  const before = nfs.checks()
  await eventually('two more checks', () => nfs.checks() > before + 1)
  handlers()?.onStop('SIGTERM')
  t.match(await exit, { status: 0 })
  t.strictSame(ids(), [1, 2, 3])
  t.match(await watch(nfs).exit, { status: 4 }, 'the next one hears of it')
  t.strictSame(ids(), [1, 2, 3, 54])
})

t.test('an ID that is in use is refused with 14', async (t) => {
  const nfs = await watchedNfs(t)
  const first = watch(nfs)
  await first.says('"id":2')
  t.strictSame(await watch(nfs).exit, { status: 3, stuck: false })
  t.match(first.said(), '"id":14')
  first.handlers()?.onStop('SIGTERM')
  t.match(await first.exit, { status: 0 })
  t.match(first.said(), 'stops: SIGTERM')
})

t.test('an error that nobody caught does not end the watch', async (t) => {
  const { exit, says, handlers } = watch(await watchedNfs(t))
  await says('"id":2')
  handlers()?.onBug(new TypeError('a bug'))
  await says('TypeError: a bug')
  handlers()?.onStop('SIGTERM')
  t.match(await exit, { status: 0 })
})

t.test('the ID of a monitor that is gone is taken over, and that is said', async (t) => {
  const nfs = await watchedNfs(t)
  const first = watch(nfs)
  await first.says('"id":2')
  const { registry, run } = first
  const entry = await registry.read('nfswatch')
  first.handlers()?.onStop('SIGTERM')
  await first.exit
  if (entry.kind !== 'live') throw new Error('it did not run')
  const gone = { ...entry.record, process: { ...entry.record.process, startTicks: '1' } }
  writeFileSync(join(run, 'nfswatch.json'), JSON.stringify(gone))
  const second = watch(nfs)
  await second.says('took over the ID nfswatch')
  await second.says('"id":2', 2)
  second.handlers()?.onStop('SIGTERM')
  t.match(await second.exit, { status: 0 })
})

t.test('a state directory that cannot be used is an error of the system', async (t) => {
  const nfs = await watchedNfs(t)
  writeFileSync(join(nfs.env.CLP_FSMON_ROOT, 'run'), 'a file in the way')
  await t.rejects(watch(nfs).exit, { code: 'ENOTDIR' })
})

t.test('a state directory that vanishes is made again, and controls work as before', async (t) => {
  const { exit, says, run, registry } = watch(await watchedNfs(t))
  await says('"id":2')
  renameSync(run, `${run}.gone`)
  await says('the record had been removed; written again')
  await eventually('an answer over the new socket', async () => {
    const reply = await registry.ask('nfswatch', { command: 'clp_nfsmon', action: 'stop' }, forever)
    return reply.kind === 'answer'
  })
  t.match(await exit, { status: 0 })
})

t.test('a record that cannot be written any more does not end the watch', async (t) => {
  const nfs = await watchedNfs(t)
  const { exit, says, handlers } = watch(nfs)
  await says('"id":2')
  const run = join(nfs.env.CLP_FSMON_ROOT, 'run')
  renameSync(run, `${run}.gone`)
  writeFileSync(run, 'a file in the way')
  await says('the record cannot be written, watching goes on')
  const before = nfs.checks()
  while (nfs.checks() < before + 2) await delay(10)
  handlers()?.onStop('SIGTERM')
  t.match(await exit, { status: 0 })
})

t.test('where there is nothing to diagnose with, it is said and the watch goes on', async (t) => {
  const { exit, says, handlers, said } = watch(await watchedNfs(t), 'x', ['--diagnose', 'on'])
  await says('"id":2')
  t.match(said(), 'no diagnosis: clp_fsmon is not beside')
  handlers()?.onStop('SIGTERM')
  t.match(await exit, { status: 0 })
})
