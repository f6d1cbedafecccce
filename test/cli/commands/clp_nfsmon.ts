import t from 'tap'
import { runCommand } from '../../helpers/command.ts'

t.test('the command runs, and ends with the status of what it did', async (t) => {
  const env = { CLP_FSMON_ROOT: t.testdir() }
  t.match(await runCommand(t, 'clp_nfsmon', ['--version'], { fromSource: true }), {
    status: 0,
    out: /^clp_nfsmon /,
  })
  t.match(await runCommand(t, 'clp_nfsmon', ['a'], { env, fromSource: true }), { status: 2 })
})
