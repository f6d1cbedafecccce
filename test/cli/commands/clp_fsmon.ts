import t from 'tap'
import { runCommand } from '../../helpers/command.ts'

t.test('the command runs, and ends with the status of what it did', async (t) => {
  const env = { CLP_FSMON_ROOT: t.testdir() }
  t.match(await runCommand(t, 'clp_fsmon', ['status'], { env, fromSource: true }), { status: 0 })
  t.match(await runCommand(t, 'clp_fsmon', ['nonsense'], { env, fromSource: true }), { status: 2 })
})
