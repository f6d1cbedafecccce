import { hostname } from 'node:os'
import t from 'tap'
import { systemIo } from '../../src/cli/system-io.ts'
import { runCommand } from '../helpers/command.ts'

t.test('it is the process that we run in', async (t) => {
  const io = systemIo()
  t.equal(io.uid, process.getuid?.())
  t.equal(io.hostName(), hostname())
  t.equal(io.env, process.env)
})

t.test('results go to standard output, complaints to standard error', async (t) => {
  const good = await runCommand(t, 'clp_fsmon', ['--version'], { fromSource: true })
  t.match(good, { status: 0, out: /^clp_fsmon/, err: '' })
  const bad = await runCommand(t, 'clp_fsmon', ['explain', '999'], { fromSource: true })
  t.match(bad, { status: 3, out: '', err: /999/ })
})
