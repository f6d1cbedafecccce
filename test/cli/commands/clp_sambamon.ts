import { readFileSync } from 'node:fs'
import t from 'tap'
import { runCommand, startCommand } from '../../helpers/command.ts'
import { licensed } from '../../helpers/licensed.ts'

t.test('the command runs, and ends with the status of what it did', async (t) => {
  const env = { CLP_FSMON_ROOT: t.testdir() }
  t.match(await runCommand(t, 'clp_sambamon', ['--version'], { fromSource: true }), {
    status: 0,
    out: /^clp_sambamon /,
  })
  t.match(await runCommand(t, 'clp_sambamon', ['a'], { env, fromSource: true }), { status: 2 })
})

t.test('the process list never shows the password of one that watches', async (t) => {
  const env = { CLP_FSMON_ROOT: t.testdir() }
  await licensed(env.CLP_FSMON_ROOT)
  const argv = ['a', '-s', 'x', '-u', 'u', '-p', 'Secret-Word', '--port', '1', '-r', '1']
  const monitor = startCommand(t, 'clp_sambamon', argv, { env })
  await monitor.said(/ 1 INFO /)
  const shown = readFileSync(`/proc/${monitor.pid}/cmdline`, 'latin1')
  t.match(shown, 'clp_sambamon a -s x -u u -p ***')
  t.notMatch(shown, 'Secret')
  monitor.child.kill('SIGTERM')
  t.match(await monitor.ended, { status: 0 })
})
