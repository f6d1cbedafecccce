import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { understandToml } from '../../src/config/read-toml.ts'
import { sinkKind } from '../../src/config/sink-kinds.ts'

const read = async (text: string) => understandToml('/f', text, sinkKind())

t.test('nothing said, every place gets everything', async (t) => {
  const place = { enabled: true, level: 'info' }
  const { value, problems } = await read('')
  t.strictSame(problems, [])
  t.match(value, { stderr: place, log: { level: 'info' }, syslog: place, clplogcmd: place })
  t.match(value, { webhook: [], exec: [] })
})

t.test('a webhook and a program are read with all their settings', async (t) => {
  const directory = t.testdir({ key: 'x'.repeat(32), ca: '-----BEGIN CERTIFICATE-----\n' })
  const [key, ca] = [join(directory, 'key'), join(directory, 'ca')]
  chmodSync(key, 0o600)
  const { value, problems } = await read(`
    stderr.level = "error"
    syslog = { enabled = false }
    [[webhook]]
    name = "pager"
    url = "https://pager.example.com/x"
    secret-file = "${key}"
    ca-file = "${ca}"
    levels = ["error"]
    ids = [6, 66]
    modules = ["nfsmon"]
    [[exec]]
    name = "mail"
    command = ["/usr/bin/mail", "root"]`)
  t.strictSame(problems, [])
  t.match(value, {
    stderr: { enabled: true, level: 'error' },
    syslog: { enabled: false },
    webhook: [{ name: 'pager', timeout: 10, queue: 1000, 'keep-hours': 72, ids: [6, 66] }],
    exec: [{ name: 'mail', command: ['/usr/bin/mail', 'root'], timeout: 10, enabled: true }],
  })
})

t.test('what is wrong with one sink leaves the others alone', async (t) => {
  const { value, problems } = await read(`
    log.level = "debug"
    syslog.enabled = 1
    [[webhook]]
    name = "Pager"
    url = "http://a/"
    [[webhook]]
    name = "good"
    url = "http://a/"
    [[webhook]]
    name = "good"
    url = "http://b/"
    ca-file = "/no/such"
    [[exec]]
    name = "mail"
    command = ["mail"]
    [[exec]]
    name = "none"
    command = []`)
  t.match(problems, [
    { key: 'log.level', trouble: 'not-a-choice' },
    { key: 'syslog.enabled', trouble: 'not-flag' },
    { key: 'webhook[1].name', trouble: 'bad-form' },
    { key: 'webhook[3].ca-file', trouble: 'secret-unreadable' },
    { key: 'exec[1].command[1]', trouble: 'not-absolute' },
    { key: 'exec[2].command', trouble: 'list-length' },
  ])
  t.match(value?.webhook, [{ name: 'good' }])
  t.equal(value?.webhook.length, 1)
  t.strictSame(value?.exec, [])
})

t.test('a name is there once, and certificates go with https', async (t) => {
  const ca = join(t.testdir({ ca: '-----BEGIN CERTIFICATE-----\n' }), 'ca')
  const hook = (more = '') => `[[webhook]]\nname = "a"\nurl = "http://a/"\n${more}`
  t.match((await read(hook() + hook())).problems, [
    { line: 5, key: 'webhook[2].name', trouble: 'doubled', values: { value: 'a' } },
  ])
  t.match((await read(hook(`ca-file = "${ca}"\n`))).problems, [
    { line: 4, key: 'webhook[1].ca-file', trouble: 'needs-with' },
  ])
})
