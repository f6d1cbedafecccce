import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { drainMs, drainMsOf, openDispatcher } from '../../../src/cli/monitor/open-dispatcher.ts'
import { fakeIo } from '../../helpers/fake-io.ts'

function tool(directory: string, name: string, log: string): void {
  writeFileSync(join(directory, name), `#!/bin/sh\nprintf '%s|' "$@" >>'${log}'\necho >>'${log}'\n`)
  chmodSync(join(directory, name), 0o755)
}

t.test('alerts reach the log, and the cluster where its command is installed', async (t) => {
  const root = t.testdir()
  const bin = join(root, 'bin')
  mkdirSync(bin)
  tool(bin, 'clplogcmd', join(root, 'clplog'))
  tool(bin, 'logger', join(root, 'syslog'))
  const path = `${bin}:/usr/bin:/bin`
  const logDirectory = join(root, 'log')
  const open = (env: Record<string, string>) =>
    openDispatcher({ command: 'clp_sambamon', target: 'pub', logDirectory, io: fakeIo(env) })

  const trial = open({ PATH: path, CLP_FSMON_ROOT: root })
  trial.announce({ id: 2 })
  t.equal(await trial.end(10_000), true)
  const message = 'The clp_sambamon is going to watch share resource [pub].'
  t.equal(readFileSync(join(root, 'clplog'), 'utf8'), `-m|${message}|-l|INFO|-i|2|--alert|\n`)
  t.match(JSON.parse(readFileSync(join(logDirectory, 'alert.log'), 'utf8')), { id: 2, message })
  t.throws(() => readFileSync(join(root, 'syslog')), 'a trial writes nothing into the system log')

  const real = open({ PATH: path })
  real.announce({ id: 6 })
  t.equal(await real.end(10_000), true)
  t.match(readFileSync(join(root, 'syslog'), 'utf8'), 'The clp_sambamon will terminate.')
})

t.test('a place that alerts do not reach is said once in the others', async (t) => {
  const root = t.testdir({ log: 'a file in the way' })
  const bin = join(root, 'bin')
  mkdirSync(bin)
  tool(bin, 'logger', join(root, 'syslog'))
  const dispatcher = openDispatcher({
    command: 'clp_nfsmon',
    target: '',
    logDirectory: join(root, 'log'),
    io: fakeIo({ PATH: `${bin}:/usr/bin:/bin` }),
  })
  for (let count = 0; count < 3; count++) dispatcher.announce({ id: 13 })
  t.equal(await dispatcher.end(10_000), true)
  const said = readFileSync(join(root, 'syslog'), 'utf8').match(/alerts by way of log: /g)
  t.equal(said?.length, 1)
})

t.test('the last words of many watches are waited for longer', async (t) => {
  t.equal(drainMsOf(0), drainMs)
  t.ok(drainMsOf(3000) >= drainMs + 10_000)
})
