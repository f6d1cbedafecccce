import { mkdirSync } from 'node:fs'
import t from 'tap'
import { showAlerts, type AlertsJob } from '../../../src/cli/view/show-alerts.ts'
import { loadViewTexts } from '../../../src/cli/view/view-texts.ts'
import { AlertLog, alertLine, alertLines, numbersOf } from '../../helpers/alert-log.ts'
import { eventually } from '../../helpers/eventually.ts'
import { fakeIo } from '../../helpers/fake-io.ts'

const words = await loadViewTexts('en')

function jobOf(path: string, more: Partial<AlertsJob> = {}) {
  const io = fakeIo()
  const job = {
    path,
    filter: {},
    last: undefined,
    json: false,
    follow: undefined,
    words,
    io,
    ...more,
  }
  return { io, show: () => showAlerts(job) }
}

t.test('alerts are shown in a table, in order, over rotations', async (t) => {
  const log = new AlertLog(t.testdir())
  log.add(alertLines(0, 1500))
  log.rotate()
  log.add(alertLines(1500, 1502))
  const all = jobOf(log.path)
  t.equal(await all.show(), 0)
  const lines = all.io.printed().trimEnd().split('\n')
  t.match(lines[0], /^TYPE +RECEIVED +TIME +SERVER +MODULE +ID +EVENT +MESSAGE$/)
  t.same(
    lines.slice(1).map((line) => line.split(' ').at(-1)),
    Array.from({ length: 1502 }, (_, i) => String(i)),
  )
  const last = jobOf(log.path, { last: 3 })
  await last.show()
  t.match(last.io.printed(), /alert 1499\n.*alert 1500\n.*alert 1501\n$/)
  t.equal(last.io.complained(), '')
})

t.test('for programs there is a line of JSON for each', async (t) => {
  const log = new AlertLog(t.testdir())
  log.add(alertLine(1, { message: 'alert 1 \u009b\u2028' }))
  const { io, show } = jobOf(log.path, { json: true })
  t.equal(await show(), 0)
  t.match(JSON.parse(io.printed()), { id: 6, monitor: 'watch1', message: 'alert 1 \u009b\u2028' })
  // oxlint-disable-next-line no-control-regex
  t.notMatch(io.printed(), /[\u0080-\u009f\u2028]/u, 'nothing that does something to a terminal')
})

t.test('that there are none, or that lines are left out, is said beside it', async (t) => {
  const log = new AlertLog(t.testdir())
  const none = jobOf(log.path)
  t.equal(await none.show(), 0)
  t.match(none.io.complained(), `There are no such alerts (${log.path}).`)
  log.add('garbage\n', alertLine(1))
  for (const last of [undefined, 5]) {
    const some = jobOf(log.path, { last })
    t.equal(await some.show(), 0)
    t.match(some.io.complained(), 'left out: 1')
  }
  const json = jobOf(`${log.path}.other`, { json: true })
  await json.show()
  t.equal(json.io.complained(), '')
})

t.test('a log that cannot be read is named, and a bug of ours not hidden', async (t) => {
  const dir = t.testdir()
  mkdirSync(`${dir}/alert.log`)
  const { path } = new AlertLog(`${dir}/${'x'.repeat(300)}`)
  const { io, show } = jobOf(path)
  t.equal(await show(), 5)
  t.match(io.complained(), 'cannot be read (ENAMETOOLONG)')
  const log = new AlertLog(t.testdir())
  log.add(alertLine(1))
  const broken = fakeIo()
  broken.out = () => {
    throw new TypeError('bug')
  }
  await t.rejects(jobOf(log.path, { io: broken }).show(), { message: 'bug' })
})

t.test('it goes on with what arrives, until it is ended or nobody reads any more', async (t) => {
  const log = new AlertLog(t.testdir())
  log.add(alertLines(0, 3))
  const over = new AbortController()
  const { io, show } = jobOf(log.path, { last: 1, json: true, follow: over.signal })
  const done = show()
  const seen = () =>
    numbersOf(
      io
        .printed()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { message: string }),
    )
  await eventually('the last one is shown', () => seen().includes(2))
  log.add(alertLine(3))
  await eventually('the next one is shown', () => seen().includes(3))
  over.abort()
  t.equal(await done, 0)
  t.same(seen(), [2, 3])
})

t.test('it ends when nobody reads any more', async (t) => {
  const log = new AlertLog(t.testdir())
  log.add(alertLine(0))
  let isRead = true
  const io = fakeIo()
  const pipe = { ...io, isRead: () => isRead }
  const over = new AbortController()
  t.teardown(() => {
    over.abort()
  })
  const job = jobOf(log.path, { last: 1, follow: over.signal, io: pipe })
  const done = job.show()
  await eventually('the last one is shown', () => /alert 0/.test(io.printed()))
  isRead = false
  log.add(alertLine(1))
  t.equal(await done, 0)
  t.equal(await job.show(), 0, 'it does not even begin to wait')
})
