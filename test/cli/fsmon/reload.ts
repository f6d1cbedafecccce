import { rmSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { fsmonMain } from '../../../src/cli/fsmon/fsmon-main.ts'
import { watchMonitor } from '../../../src/cli/monitor/watch-monitor.ts'
import { monitorRequest } from '../../../src/cli/monitor/monitor-request.ts'
import type { ProcessHandlers } from '../../../src/cli/monitor/process-events.ts'
import { loadTexts } from '../../../src/cli/texts.ts'
import { layoutUnder } from '../../../src/registry/layout.ts'
import { Registry } from '../../../src/registry/registry.ts'
import { applicant } from '../../helpers/applicant.ts'
import { alertReceiver } from '../../helpers/alert-receiver.ts'
import { configured } from '../../helpers/configured.ts'
import { eventually } from '../../helpers/eventually.ts'
import { fakeIo } from '../../helpers/fake-io.ts'
import { watchedNfs } from '../../helpers/nfs-watch.ts'

const texts = await loadTexts('en')

async function reload(root: string, uid = 0) {
  const io = fakeIo(root === '' ? {} : { CLP_FSMON_ROOT: root }, uid)
  const status = await fsmonMain(['reload'], io)
  return { status, out: io.printed(), err: io.complained() }
}

/** A monitor within this process, gone at the end of its test. */
async function monitor(t: Test) {
  const nfs = await watchedNfs(t)
  const root = nfs.env.CLP_FSMON_ROOT
  const request = monitorRequest('clp_nfsmon', ['w1', ...nfs.argv])
  if (request.want !== 'watch') throw new Error('not a watch')
  const layout = layoutUnder(root)
  const io = fakeIo({ ...nfs.env, PATH: '/usr/bin:/bin' })
  let handlers: ProcessHandlers | undefined
  const listen = (given: ProcessHandlers) => {
    handlers = given
  }
  const exit = watchMonitor({ id: 'w1', settings: request.settings, layout, texts, io, listen })
  t.teardown(async () => {
    handlers?.onStop('SIGTERM')
    await exit
  })
  const registry = new Registry(layout.run)
  const ask = async (action: 'pause' | 'continue') =>
    registry.ask('w1', { command: 'clp_nfsmon', action }, AbortSignal.timeout(30_000))
  await eventually('it watches', async () => {
    const entry = await registry.read('w1')
    return entry.kind === 'live' && entry.record.state === 'watching'
  })
  return { root, ask }
}

t.test('sinks change at once, and defaults are said to wait for the next start', async (t) => {
  const { root, ask } = await monitor(t)
  const there = await alertReceiver(t)
  configured(root, `[defaults]\nwait = 9\n[[sink.webhook]]\nname = "a"\nurl = "${there.url}"\n`)
  const { status, out, err } = await reload(root)
  t.match({ status, err }, { status: 0, err: '' })
  t.match(out, 'w1: has read the configuration again.\n')
  t.match(out, 'count from its next start: wait\n')
  await ask('pause')
  await there.got(1)
  t.strictSame(there.ids(), [7])
  configured(root, '')
  t.match(await reload(root), { status: 0 })
  await ask('continue')
  t.match(await reload(root), { status: 0 })
  t.strictSame(there.ids(), [7], 'no webhook any more')
})

t.test('a broken file changes nothing and says why', async (t) => {
  const { root, ask } = await monitor(t)
  const there = await alertReceiver(t)
  configured(root, `[[sink.webhook]]\nname = "a"\nurl = "${there.url}"\n`)
  t.match(await reload(root), { status: 0 })
  const file = configured(root, `[[sink.webhook]]\nname = "a"\nulr = "${there.url}"\n`)
  const { status, out, err } = await reload(root)
  t.match({ status, out }, { status: 2, out: '' })
  t.match(err, `${file}:3: sink.webhook[1].ulr: there is no such key`)
  t.match(err, 'Nothing was changed.')
  const registry = new Registry(layoutUnder(root).run)
  const request = { command: 'clp_nfsmon', action: 'reload' } as const
  const reply = await registry.ask('w1', request, AbortSignal.timeout(30_000))
  t.match(
    reply,
    { kind: 'answer', answer: { ok: false, text: /:3: sink/ } },
    'not by itself either',
  )
  await ask('pause')
  await there.got(1)
  t.strictSame(there.ids(), [7], 'the former one still gets its alerts')
})

t.test('without monitors there is nothing to do', async (t) => {
  t.match(await reload(t.testdir()), { status: 0, out: /No monitor runs/ })
})

t.test('only root can do it', async (t) => {
  t.match(await reload('', 1000), { status: 4, err: /Only root/ })
})

t.test('a monitor that refuses, or does not answer, makes it fail', async (t) => {
  const root = t.testdir()
  const { run } = layoutUnder(root)
  const registered = await new Registry(run).register(applicant('w1'), () => undefined)
  if (registered.kind !== 'registered') throw new Error('not registered')
  // One of a former version.
  await registered.registration.listen(async () => ({
    ok: false,
    state: '',
    text: 'not a request',
  }))
  t.match(await reload(root), { status: 3, err: /w1: refused.*not a request/ })
  rmSync(join(run, 'w1.sock'))
  t.match(await reload(root), { status: 3, err: /w1 \(pid \d+\): did not answer/ })
  await registered.registration.end({ at: '', how: 'stopped', exitStatus: 0 })
})
