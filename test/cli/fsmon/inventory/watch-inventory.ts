import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { fsmonMain } from '../../../../src/cli/fsmon/fsmon-main.ts'
import { inventorySettings } from '../../../../src/cli/fsmon/inventory/inventory-settings.ts'
import { loadInventoryTexts } from '../../../../src/cli/fsmon/inventory/inventory-texts.ts'
import type { ServerPlace } from '../../../../src/cli/fsmon/inventory/server-places.ts'
import { watchInventory } from '../../../../src/cli/fsmon/inventory/watch-inventory.ts'
import type { ProcessHandlers } from '../../../../src/cli/monitor/process-events.ts'
import { readSettings, settingsFile } from '../../../../src/cli/settings/settings.ts'
import { layoutUnder } from '../../../../src/registry/layout.ts'
import { Registry } from '../../../../src/registry/registry.ts'
import { alertReceiver } from '../../../helpers/alert-receiver.ts'
import { configured } from '../../../helpers/configured.ts'
import { eventually } from '../../../helpers/eventually.ts'
import { fakeIo } from '../../../helpers/fake-io.ts'
import { serve } from '../../../helpers/smb-check.ts'
import { bindAck, enumOutput, fragments, shares } from '../../../helpers/srvsvc.ts'

const words = await loadInventoryTexts('en')

/** A watch of these places, in this process. */
async function start(root: string, places: readonly ServerPlace[]) {
  const io = fakeIo({ CLP_FSMON_ROOT: root }, process.getuid?.() ?? 0)
  const layout = layoutUnder(root)
  let handlers: ProcessHandlers | undefined
  const ended = watchInventory({
    places,
    settings: inventorySettings({ smb: true, watch: true, interval: '1' }, {}, io),
    configuration: await readSettings(settingsFile(layout.etc)),
    layout,
    words,
    io,
    listen: (those) => {
      handlers = those
    },
  })
  return { io, ended, registry: new Registry(layout.run), handlers: () => handlers }
}

function alerts(root: string): string[] {
  const path = join(root, 'var/log/clp-fsmon/alert.log')
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  return lines
    .map((line): { kind: string; id?: number; module: string; message: string } => JSON.parse(line))
    .filter(({ kind }) => kind === 'alert')
    .map(({ id, module, message }) => `${id} ${module} ${message}`)
}

async function server(t: Test, list: { now: typeof shares }) {
  const { port } = await serve(t, {
    shareType: 2,
    pipe: (message) => (message[2] === 11 ? [bindAck] : fragments(2, enumOutput(list.now), 2)),
  })
  const place: ServerPlace = { address: '127.0.0.1', addresses: ['127.0.0.1'], port }
  return { place, id: new RegExp(`^inventory127001smb${port}`) }
}

t.test('changes go out as alerts, one process has a server, a signal ends it', async (t) => {
  const root = t.testdir()
  const list = { now: shares }
  const { place, id } = await server(t, list)
  const first = await start(root, [place])
  const record = async () => {
    const found = [...(await first.registry.list()).values()].find(
      (entry) => 'record' in entry && id.test(entry.record.id),
    )
    return found !== undefined && 'record' in found ? found.record : undefined
  }
  await eventually('a look', async () => (await record())?.state === 'watching')
  t.match(first.io.complained(), /Watching the inventory of 127.0.0.1 \(smb \d+\) every 1 s/)

  const second = await start(root, [place])
  t.strictSame(await second.ended, { status: 3, stuck: false })
  t.match(second.io.complained(), /watched already, by process/)

  list.now = shares.slice(1)
  await eventually('an alert', () => alerts(root).length > 0)
  t.match(alerts(root), [/^121 sambamon A share has vanished: \[guest\] on 127\.0\.0\.1 /])
  const found = await record()
  t.match(found, { command: 'clp_fsmon', options: { inventory: 'smb', user: '' } })
  first.handlers()?.onStop('SIGTERM')
  t.strictSame(await first.ended, { status: 0, stuck: false })
  t.match((await record())?.ended, { how: 'stopped', exitStatus: 0 })
})

t.test('several servers are watched by one process, each under its ID', async (t) => {
  const root = t.testdir()
  const list = { now: shares }
  const [one, other] = [await server(t, list), await server(t, list)]
  const both = await start(root, [one.place, other.place])
  await eventually('two looks', async () => {
    const entries = [...(await both.registry.list()).values()]
    return (
      entries.filter((entry) => entry.kind === 'live' && entry.record.state === 'watching')
        .length === 2
    )
  })
  both.handlers()?.onBug(new Error('a bug'))
  t.strictSame(await both.ended, { status: 5, stuck: false })
})

t.test('it reads the configuration again when it is told to, once in a process', async (t) => {
  const root = t.testdir()
  const list = { now: shares }
  const [one, other] = [await server(t, list), await server(t, list)]
  const both = await start(root, [one.place, other.place])
  const look = async () => {
    const entries = [...(await both.registry.list()).values()]
    return entries.filter((entry) => entry.kind === 'live' && entry.record.state === 'watching')
  }
  await eventually('two looks', async () => (await look()).length === 2)
  const reload = async () => {
    const io = fakeIo({ CLP_FSMON_ROOT: root }, 0)
    const status = await fsmonMain(['reload'], io)
    return { status, out: io.printed(), err: io.complained() }
  }
  const there = await alertReceiver(t)
  const webhook = `[[sink.webhook]]\nname = "a"\nurl = "${there.url}"\n`
  configured(root, `[defaults]\ninterval = 9\nlongest-pause = 99\n${webhook}`)
  const first = await reload()
  t.match(first, { status: 0, err: '' })
  t.match(
    first.out,
    /^inventory\w+: has read the configuration again\.\n\S+ these defaults count from its next start: longest-pause\n$/,
  )
  list.now = shares.slice(1)
  await there.got(2)
  t.strictSame(there.ids(), [121, 121])
  configured(root, '[defaults]\nno-such = 1\n')
  const [entry] = await look()
  if (entry?.kind !== 'live') throw new Error('none runs')
  const request = { command: 'clp_fsmon', action: 'reload' } as const
  const reply = await both.registry.ask(entry.record.id, request, AbortSignal.timeout(30_000))
  t.match(reply, { kind: 'answer', answer: { ok: false, text: /no-such/ } })
  both.handlers()?.onStop('SIGTERM')
  t.strictSame(await both.ended, { status: 0, stuck: false })
})

t.test('without a place for its lists it does not begin', async (t) => {
  const root = t.testdir({ var: { lib: { 'clp-fsmon': { inventory: 'a file' } } } })
  const { place } = await server(t, { now: shares })
  const refused = await start(root, [place])
  t.strictSame(await refused.ended, { status: 5, stuck: false })
})
