import { appendFileSync, rmSync } from 'node:fs'
import t from 'tap'
import {
  beginning,
  decodeCursor,
  encodeCursor,
  readAlerts,
  type PageRequest,
} from '../../src/view/alert-history.ts'
import { AlertLog, alertLine, alertLines, numbersOf } from '../helpers/alert-log.ts'

/** The numbers from one to another, the last one not included. */
function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}

/** A log of 50 alerts: 10 each in three compressed files, the last rotated one, and the current one. */
function rotatedLog(directory: string): AlertLog {
  const log = new AlertLog(directory)
  for (let part = 0; part < 5; part += 1) {
    if (part > 0) log.rotate()
    log.add(alertLines(part * 10, part * 10 + 10))
  }
  return log
}

t.test('the last alerts are read in order, over all rotations', async (t) => {
  const { path } = rotatedLog(t.testdir())
  const page = async (limit: number) => numbersOf((await readAlerts(path, { limit })).alerts)
  t.same(await page(3), [47, 48, 49])
  t.same(await page(10), numbers(40, 50))
  t.same(await page(25), numbers(25, 50))
  t.same(await page(50), numbers(0, 50))
  t.same(await page(1000), numbers(0, 50))
})

for (const limit of [1, 7, 10, 49, 50]) {
  t.test(
    `pages of ${limit}, back to the oldest and forth again, lose and double none`,
    async (t) => {
      const { path } = rotatedLog(t.testdir())
      let page = await readAlerts(path, { limit })
      t.notOk(page.newer)
      const seen = numbersOf(page.alerts)
      while (page.older !== undefined) {
        page = await readAlerts(path, { limit, before: page.older })
        t.ok(page.newer)
        seen.unshift(...numbersOf(page.alerts))
      }
      t.same(seen, numbers(0, 50))
      let forth = await readAlerts(path, { limit, after: beginning })
      const again = numbersOf(forth.alerts)
      while (forth.newer !== undefined) {
        forth = await readAlerts(path, { limit, after: forth.newer })
        again.push(...numbersOf(forth.alerts))
      }
      t.same(again, numbers(0, 50))
    },
  )
}

t.test('a cursor stays where it is while alerts arrive and the log is rotated', async (t) => {
  const log = rotatedLog(t.testdir())
  const page = await readAlerts(log.path, { limit: 5 })
  for (let round = 0; round < 3; round += 1) {
    const { alerts } = await readAlerts(log.path, { limit: 5, before: page.older ?? '' })
    t.same(numbersOf(alerts), numbers(40, 45))
    const later = await readAlerts(log.path, { limit: 100, after: page.end })
    t.same(numbersOf(later.alerts), numbers(50, 50 + round))
    t.equal(later.older, later.alerts[0]?.cursor)
    log.rotate()
    log.add(alertLine(50 + round))
  }
})

t.test('a cursor whose file is gone says so', async (t) => {
  const log = new AlertLog(t.testdir())
  log.add(alertLines(0, 5))
  const { end } = await readAlerts(log.path, { limit: 1 })
  rmSync(log.path)
  log.add(alertLines(5, 8))
  for (const cursor of [end, '', 'x.1', '../../etc/passwd', `${end}0000000000000000000`]) {
    t.match(await readAlerts(log.path, { limit: 9, before: cursor }), { alerts: [], isLost: true })
    const later = await readAlerts(log.path, { limit: 9, after: cursor })
    t.equal(later.isLost, true)
    t.same(numbersOf(later.alerts), [5, 6, 7], 'all that there is now')
  }
})

t.test('without a log there are no alerts, and what comes then is after its end', async (t) => {
  const log = new AlertLog(t.testdir())
  for (const make of [
    () => undefined,
    () => {
      log.add('')
    },
  ]) {
    make()
    t.same(await readAlerts(log.path, { limit: 5 }), { alerts: [], end: beginning, skipped: 0 })
    t.same(await readAlerts(log.path, { limit: 5, after: beginning }), {
      alerts: [],
      end: beginning,
      skipped: 0,
    })
  }
  log.add(alertLines(0, 2))
  t.same(numbersOf((await readAlerts(log.path, { limit: 5, after: beginning })).alerts), [0, 1])
})

t.test('damaged, huge and half lines are skipped and counted', async (t) => {
  const log = new AlertLog(t.testdir())
  log.add(alertLine(0), 'garbage\n', '{"level":"error"}\n', alertLine(1).slice(0, 30), '\n')
  log.add(
    alertLine(2),
    `${'x'.repeat(1_000_000)}\n`,
    alertLine(3),
    '\0\0\0\n',
    alertLine(4).slice(0, 9),
  )
  for (const request of [{ limit: 9 }, { limit: 9, after: beginning }] satisfies PageRequest[]) {
    const { alerts, skipped } = await readAlerts(log.path, request)
    t.same(numbersOf(alerts), [0, 2, 3])
    t.equal(skipped, 5)
  }
})

t.test('a filter finds what it is for, wherever it lies', async (t) => {
  const log = new AlertLog(t.testdir())
  for (let number = 0; number < 40; number += 1) {
    if (number % 10 === 9) log.rotate()
    log.add(alertLine(number, number % 8 === 0 ? { level: 'info', id: 1 } : {}))
  }
  const filter = { id: 1 }
  const page = await readAlerts(log.path, { limit: 2, filter })
  t.same(numbersOf(page.alerts), [24, 32])
  const older = await readAlerts(log.path, { limit: 2, filter, before: page.older ?? '' })
  t.same(numbersOf(older.alerts), [8, 16])
  const none = await readAlerts(log.path, { limit: 2, filter: { text: 'nothing like it' } })
  t.match(none, { alerts: [], end: page.end })
  t.notOk('older' in none)
  log.add(alertLine(40, { id: 1 }))
  const next = await readAlerts(log.path, { limit: 5, filter, after: none.end })
  t.same(numbersOf(next.alerts), [40])
})

t.test('reading ends when nobody waits for it any more', async (t) => {
  const { path } = rotatedLog(t.testdir())
  const signal = AbortSignal.abort()
  await t.rejects(readAlerts(path, { limit: 1, signal }), { name: 'AbortError' })
  await t.rejects(readAlerts(path, { limit: 1, after: beginning, signal }), { name: 'AbortError' })
  await t.rejects(readAlerts(path, { limit: 50, signal }), { name: 'AbortError' })
})

t.test('the time of day that is set back puts nothing out of order', async (t) => {
  const log = new AlertLog(t.testdir())
  log.add(alertLine(0), alertLine(1, { time: '2020-01-01T00:00:00.000Z' }), alertLine(2))
  t.same(numbersOf((await readAlerts(log.path, { limit: 9 })).alerts), [0, 1, 2])
})

t.test('an alert within 100,000 is found in little memory and time', async (t) => {
  const log = new AlertLog(t.testdir())
  for (let part = 0; part < 4; part += 1) {
    if (part > 0) log.rotate()
    appendFileSync(log.path, alertLines(part * 25_000, (part + 1) * 25_000))
  }
  const last = await readAlerts(log.path, { limit: 100 })
  t.same(numbersOf(last.alerts), numbers(99_900, 100_000))
  const first = await readAlerts(log.path, { limit: 9, filter: { text: 'alert 12345' } })
  t.same(numbersOf(first.alerts), [12345])
  t.equal(first.skipped, 0)
})

t.test('a cursor is read as it was written, and nothing else is one', (t) => {
  const place = { head: 'abcdefghij-_', offset: 12 }
  t.same(decodeCursor(encodeCursor(place)), place)
  for (const wrong of [
    '',
    beginning,
    'a.1',
    'abcdefghij-_.',
    'abcdefghij-_.-1',
    'abcdefghij/_.1',
  ]) {
    t.equal(decodeCursor(wrong), undefined)
  }
  t.end()
})
