import { mkdirSync } from 'node:fs'
import t, { type Test } from 'tap'
import { fsmonMain } from '../../../src/cli/fsmon/fsmon-main.ts'
import { alertsCommand } from '../../../src/cli/fsmon/alerts.ts'
import { loadTexts } from '../../../src/cli/texts.ts'
import { loadViewTexts } from '../../../src/cli/view/view-texts.ts'
import { AlertLog, alertLine, alertLines, numbersOf } from '../../helpers/alert-log.ts'
import { fakeIo } from '../../helpers/fake-io.ts'

/** A place with a log of alerts, and what the command says there. */
function place(t: Test) {
  const root = t.testdir()
  mkdirSync(`${root}/var/log/clp-fsmon`, { recursive: true })
  const log = new AlertLog(`${root}/var/log/clp-fsmon`)
  const run = async (...argv: string[]) => {
    const io = fakeIo({ CLP_FSMON_ROOT: root })
    const status = await fsmonMain(['alerts', ...argv], io)
    return { status, out: io.printed(), err: io.complained() }
  }
  const numbers = async (...argv: string[]) => {
    const { out } = await run('--json', ...argv)
    const lines = out.split('\n').filter((line) => line !== '')
    return numbersOf(lines.map((line) => JSON.parse(line) as { message: string }))
  }
  return { root, log, run, numbers }
}

t.test('the last 50 are shown, or as many as are asked for', async (t) => {
  const { log, numbers } = place(t)
  log.add(alertLines(0, 60))
  const upTo60 = Array.from({ length: 60 }, (_, i) => i)
  t.same(await numbers(), upTo60.slice(10))
  t.same(await numbers('--last', '2'), [58, 59])
  t.same(await numbers('--since', '2025-12-31'), upTo60)
  t.same(await numbers('--since', '2025-12-31', '--last', '1'), [59])
})

t.test('each option leaves out what it is not for', async (t) => {
  const { log, numbers } = place(t)
  const soon = new Date().toISOString()
  log.add(
    alertLine(0),
    alertLine(1, { monitor: 'other' }),
    alertLine(2, { id: 62 }),
    alertLine(3, { level: 'info' }),
    alertLine(4, { kind: 'log', level: 'warn' }),
    alertLine(5, { time: soon }),
  )
  t.same(await numbers('--id', 'other'), [1])
  t.same(await numbers('--event', '62'), [2])
  t.same(await numbers('--level', 'error'), [0, 1, 2, 5])
  t.same(await numbers('--all', '--level', 'warn'), [0, 1, 2, 4, 5])
  t.same(await numbers('--text', 'ALERT 3'), [3])
  t.same(await numbers('--since', '1h'), [5])
})

t.test('a value that is none is named, with what is allowed', async (t) => {
  const { run } = place(t)
  for (const [argv, err] of [
    [['--since', 'soon'], /--since: 'soon' is no time/],
    [['--last', 'x'], /--last.*'x'/],
    [['--last', '0'], /1\.\.1000000/],
    [['--level', 'fatal'], /info, warn, error/],
    [['--event', '-1'], /--event/],
    [['--id', ''], /--id/],
    [['--text', ''], /--text/],
    [['--nonsense'], /--nonsense/],
    [['word'], /\S/],
  ] as [string[], RegExp][]) {
    t.match(await run(...argv), { status: 2, out: '', err }, argv.join(' '))
  }
})

t.test('following ends when it is told to', async (t) => {
  const { root, log } = place(t)
  log.add(alertLine(1))
  const io = fakeIo({ CLP_FSMON_ROOT: root })
  const over = new AbortController()
  let status = -1
  const [texts, words] = await Promise.all([loadTexts('en'), loadViewTexts('en')])
  const end = (ended: number): void => {
    status = ended
  }
  const command = alertsCommand(texts, words, io, end, () => over.signal)
  const done = command.parseAsync(['-f'], { from: 'user' })
  over.abort()
  await done
  t.equal(status, 0)
  t.match(io.printed(), 'alert 1')
})
