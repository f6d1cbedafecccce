import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { eventually } from '../../../helpers/eventually.ts'
import { runScript } from '../../../../src/cli/fsmon/report/run-script.ts'

const patient = () => AbortSignal.timeout(60_000)

t.test('what a script prints is kept, errors among it, and how it ended', async (t) => {
  t.strictSame(await runScript('echo "$1"; echo two >&2', ["it's $HOME"], patient()), {
    output: "it's $HOME\ntwo\n",
    outcome: 'ok',
  })
  t.strictSame(await runScript('echo one; exit 3', [], patient()), {
    output: 'one\n',
    outcome: 'ended with 3',
  })
  t.match(await runScript('kill -9 $$', [], patient()), { outcome: 'ended with SIGKILL' })
  t.match(await runScript('no-such-program', [], patient()), { output: /not found/ })
})

t.test('a script that does not end is ended, with its children', async (t) => {
  const over = new AbortController()
  const note = join(t.testdir(), 'pid')
  const script = 'sleep 600 & echo $! >"$1.new"; mv "$1.new" "$1"; wait'
  const running = runScript(script, [note], over.signal)
  await eventually('the child runs', () => existsSync(note))
  const pid = Number(readFileSync(note, 'utf8'))
  over.abort()
  t.match(await running, { outcome: 'did not end in time' })
  await eventually('the child is gone', () => !isRunning(pid))
})

function isRunning(pid: number): boolean {
  try {
    // What was killed stays as a zombie until somebody asks after it.
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

t.test('a signal that is over already lets nothing run on', async (t) => {
  t.match(await runScript('sleep 600', [], AbortSignal.abort()), { outcome: 'did not end in time' })
})

t.test('an endless output is cut off', async (t) => {
  const { output, outcome } = await runScript('head -c 5000000 /dev/zero', [], patient())
  t.equal(output.length, 4 * 1024 * 1024)
  t.equal(outcome, 'ok, cut off')
})
