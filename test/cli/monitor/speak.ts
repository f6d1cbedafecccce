import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { speak } from '../../../src/cli/monitor/speak.ts'
import { readSettings } from '../../../src/cli/settings/settings.ts'
import { layoutUnder } from '../../../src/registry/layout.ts'
import { alertReceiver } from '../../helpers/alert-receiver.ts'
import { configured } from '../../helpers/configured.ts'
import { fakeIo } from '../../helpers/fake-io.ts'

async function open(t: Test, text: string, monitor?: string) {
  const root = t.testdir()
  const layout = layoutUnder(root)
  const settings = await readSettings(configured(root, text))
  const speech = await speak({
    command: 'clp_nfsmon',
    target: monitor === undefined ? '' : '/srv',
    ...(monitor !== undefined && { monitor }),
    layout,
    settings,
    io: fakeIo({ CLP_FSMON_ROOT: root, PATH: '/usr/bin:/bin' }),
  })
  const log = join(layout.log, 'alert.log')
  return { ...speech, root, said: () => (existsSync(log) ? readFileSync(log, 'utf8') : '') }
}

t.test('an alert that is the last word still gets out, with whose it is', async (t) => {
  const there = await alertReceiver(t)
  const text = `[[sink.webhook]]\nname = "pager"\nurl = "${there.url}"\n`
  const { dispatcher } = await open(t, text, 'w1')
  dispatcher.announce({ id: 6 })
  t.equal(await dispatcher.end(30_000), true)
  t.match(JSON.parse(there.received[0]?.body ?? ''), { id: 6, watch: 'w1', target: '/srv' })
  const nameless = await open(t, text)
  nameless.dispatcher.announce({ id: 13 })
  await nameless.dispatcher.end(30_000)
  t.notOk('watch' in (JSON.parse(there.received[1]?.body ?? '{}') as object))
})

t.test('a receiver that hangs delays the end by no more than its bound', async (t) => {
  const there = await alertReceiver(t)
  there.mood = 'hang'
  const { dispatcher, said } = await open(t, `[[sink.webhook]]\nname = "a"\nurl = "${there.url}"\n`)
  dispatcher.announce({ id: 6 })
  await there.got(1)
  const began = performance.now()
  t.equal(await dispatcher.end(200), true, 'nothing of it keeps the process')
  t.ok(performance.now() - began < 5000)
  t.match(said(), '"id":6')
})

t.test('sinks are exchanged while it runs', async (t) => {
  const [one, two] = [await alertReceiver(t), await alertReceiver(t)]
  const hook = (url: string) => `[[sink.webhook]]\nname = "pager"\nurl = "${url}"\n`
  const { dispatcher, follow, root } = await open(t, hook(one.url))
  dispatcher.announce({ id: 7 })
  await one.got(1)
  await follow(await readSettings(configured(root, hook(two.url))))
  dispatcher.announce({ id: 8 })
  await two.got(1)
  t.strictSame([one.ids(), two.ids()], [[7], [8]])
  await follow(await readSettings(configured(root, '')))
  dispatcher.announce({ id: 7 })
  await dispatcher.end(30_000)
  t.strictSame([one.received.length, two.received.length], [1, 1])
})

t.test('what is wrong with a sink is said in the log, and the others go on', async (t) => {
  const there = await alertReceiver(t)
  const text = `[[sink.webhook]]\nname = "a"\nurl = "${there.url}"\n[[sink.webhook]]\nname = "b"\n`
  const { dispatcher, said } = await open(t, text)
  dispatcher.announce({ id: 6 })
  await dispatcher.end(30_000)
  t.match(said(), /clp-fsmon\.toml:4: sink\.webhook\[2\]\.url: is missing.*watching goes on/)
  t.strictSame(there.ids(), [6])
})
