import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openSinks } from '../../../src/cli/monitor/open-sinks.ts'
import { readSettings } from '../../../src/cli/settings/settings.ts'
import { alertReceiver } from '../../helpers/alert-receiver.ts'
import { configured } from '../../helpers/configured.ts'
import { eventually } from '../../helpers/eventually.ts'
import { fakeIo } from '../../helpers/fake-io.ts'
import { sampleEntry } from '../../helpers/sample-entry.ts'

async function open(t: Test, text: string, root = t.testdir()) {
  const { sinks, problems } = await readSettings(configured(root, text))
  const told: string[] = []
  const found = openSinks({
    settings: sinks,
    lib: join(root, 'lib'),
    io: fakeIo({ PATH: '/usr/bin:/bin' }),
    onTrouble: ({ sink, text }) => void told.push(`${sink}: ${text}`),
  })
  t.teardown(async () => Promise.all(found.more.map(async (sink) => sink.close?.())))
  return { ...found, root, told, problems }
}

t.test('levels hold back what is less grave, and alerts never from the log', async (t) => {
  const { admits, more } = await open(
    t,
    '[sink]\nstderr.level = "error"\nsyslog.enabled = false\nlog.level = "warn"\n',
  )
  t.strictSame(more, [])
  const info = sampleEntry({ level: 'info' })
  const line = sampleEntry({ level: 'info', kind: 'log' })
  t.strictSame([admits('stderr', sampleEntry()), admits('stderr', info)], [true, false])
  t.strictSame([admits('syslog', sampleEntry()), admits('clplogcmd', info)], [false, true])
  t.strictSame([admits('log', info), admits('log', line)], [true, false])
  t.equal(admits('another', info), true)
})

t.test('nothing said, nothing is held back', async (t) => {
  const { admits } = await open(t, '[license]\n')
  for (const sink of ['stderr', 'log', 'syslog', 'clplogcmd']) {
    t.equal(admits(sink, sampleEntry({ level: 'info', kind: 'log' })), true, sink)
  }
  const none = openSinks({
    settings: undefined,
    lib: '/none',
    io: fakeIo(),
    onTrouble: () => {},
  })
  t.equal(none.admits('log', sampleEntry()), true)
})

t.test('a webhook posts, signed, by way of a queue that is its own', async (t) => {
  const there = await alertReceiver(t)
  const root = t.testdir({ key: '0123456789abcdef\n' })
  const key = join(root, 'key')
  chmodSync(key, 0o600)
  const text = `[[sink.webhook]]\nname = "pager"\nurl = "${there.url}"\nsecret-file = "${key}"\n`
  const { more, problems } = await open(t, text, root)
  t.strictSame(problems, [])
  await more[0]?.deliver(sampleEntry())
  await there.got(1)
  t.match(there.received, [{ headers: { 'clp-fsmon-signature': /^v1=[\da-f]{64}$/ } }])
  const directory = join(root, 'lib/queue/pager')
  await eventually('the queue is empty', () => readdirSync(directory).length === 0)
  t.equal(statSync(directory).mode & 0o777, 0o700)
})

t.test('a program is run; what is switched off, or has the name of another, is not', async (t) => {
  const root = t.testdir()
  const program = join(root, 'program')
  writeFileSync(program, `#!/bin/sh\necho "$CLP_ALERT_WATCH $1" >>'${root}/log'\n`)
  chmodSync(program, 0o755)
  const exec = (name: string, word: string, more = '') =>
    `[[sink.exec]]\nname = "${name}"\ncommand = ["${program}", "${word}"]\n${more}`
  const text = exec('a', 'one') + exec('a', 'two') + exec('b', 'three', 'enabled = false\n')
  const { more } = await open(t, text, root)
  t.strictSame(
    more.map(({ name }) => name),
    ['exec a'],
  )
  await more[0]?.deliver(sampleEntry({ monitor: 'w1' }))
  t.equal(readFileSync(join(root, 'log'), 'utf8'), 'w1 one\n')
})

t.test('what goes wrong is told under the name of the sink', async (t) => {
  const there = await alertReceiver(t)
  there.mood = { answer: 500 }
  const text = `[[sink.webhook]]\nname = "pager"\nurl = "${there.url}"\n`
  const { more, told } = await open(t, text)
  await more[0]?.deliver(sampleEntry())
  await eventually('it is told', () => told.length > 0)
  t.strictSame(told, ['webhook pager: answered with 500'])
})
