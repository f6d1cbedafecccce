import { readFileSync } from 'node:fs'
import t from 'tap'
import { startCommand } from '../../helpers/command.ts'
import { licensed } from '../../helpers/licensed.ts'

t.test('the process bears the name of the command and hides the password', async (t) => {
  const env = { CLP_FSMON_ROOT: t.testdir() }
  await licensed(env.CLP_FSMON_ROOT)
  const argv = ['a', '-s', 'x', '-u', 'u', '-p', 'Secret-Word', '--port', '1', '-r', '1']
  const monitor = startCommand(t, 'clp_sambamon', argv, { env, fromSource: true })
  await monitor.said(/ 1 INFO /)
  t.match(readFileSync(`/proc/${monitor.pid}/comm`, 'latin1'), /^clp_sambamon/)
  t.notMatch(readFileSync(`/proc/${monitor.pid}/cmdline`, 'latin1'), 'Secret')
  monitor.child.kill('SIGTERM')
  t.match(await monitor.ended, { status: 0 }, 'and ends with the status of what it did')
})
