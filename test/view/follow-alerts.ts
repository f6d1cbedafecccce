import {
  copyFileSync,
  mkdirSync,
  openSync,
  closeSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import t, { type Test } from 'tap'
import { gzipSync } from 'node:zlib'
import { beginning, readAlerts } from '../../src/view/alert-history.ts'
import { followAlerts, type FollowRequest } from '../../src/view/follow-alerts.ts'
import { AlertLog, alertLine, alertLines, numbersOf } from '../helpers/alert-log.ts'
import { eventually } from '../helpers/eventually.ts'

type Followed = { seen: number[]; end: () => Promise<void> }

/** Follows a log; what was seen so far stands in `seen`. */
function follow(t: Test, path: string, more: Partial<FollowRequest> = {}): Followed {
  const seen: number[] = []
  const over = new AbortController()
  const done = (async () => {
    const request = { after: beginning, pollMs: 20, ...more, signal: over.signal }
    for await (const alerts of followAlerts(path, request)) seen.push(...numbersOf(alerts))
  })()
  const end = async (): Promise<void> => {
    over.abort()
    await done
  }
  t.teardown(end)
  return { seen, end }
}

/** Waits until the alert of this number was seen. */
async function until(seen: readonly number[], number: number): Promise<void> {
  await eventually(`alert ${number} is seen`, () => seen.includes(number))
}

const numbers = (to: number) => Array.from({ length: to }, (_, i) => i)

t.test('what arrives is seen in order, from the end of a page on', async (t) => {
  const log = new AlertLog(t.testdir())
  log.add(alertLines(0, 5))
  const { end } = await readAlerts(log.path, { limit: 1 })
  const { seen } = follow(t, log.path, { after: end })
  for (let number = 5; number < 20; number += 1) {
    log.add(alertLine(number))
    await until(seen, number)
  }
  t.same(seen, numbers(20).slice(5))
})

t.test('what arrived between the page and the following is not lost', async (t) => {
  const log = new AlertLog(t.testdir())
  log.add(alertLines(0, 5))
  const { end } = await readAlerts(log.path, { limit: 1 })
  log.add(alertLines(5, 7))
  log.rotate()
  log.add(alertLines(7, 9))
  log.rotate()
  log.add(alertLines(9, 11))
  const { seen } = follow(t, log.path, { after: end })
  await until(seen, 10)
  t.same(seen, numbers(11).slice(5))
})

t.test('over many rotations nothing is lost or doubled', async (t) => {
  const log = new AlertLog(t.testdir())
  const { seen } = follow(t, log.path)
  for (let number = 0; number < 60; number += 1) {
    log.add(alertLine(number))
    if (number % 4 === 3) log.rotate()
    if (number % 10 === 9) await until(seen, number)
  }
  await until(seen, 59)
  t.same(seen, numbers(60))
})

t.test('a monitor that has not noticed the rotation yet is still heard', async (t) => {
  const log = new AlertLog(t.testdir())
  log.add(alertLine(0))
  const late = openSync(log.path, 'a')
  const { seen } = follow(t, log.path)
  await until(seen, 0)
  log.rotate()
  log.add(alertLine(1))
  await until(seen, 1)
  writeSync(late, alertLine(2))
  closeSync(late)
  await until(seen, 2)
  t.same(seen, [0, 1, 2])
})

t.test('half a line is waited for', async (t) => {
  const log = new AlertLog(t.testdir())
  const { seen } = follow(t, log.path)
  log.add(alertLine(0), alertLine(1).slice(0, 20))
  await until(seen, 0)
  log.add(alertLine(1).slice(20), 'garbage\n', alertLine(2))
  await until(seen, 2)
  t.same(seen, [0, 1, 2])
})

t.test('a log that is emptied or removed is begun anew', async (t) => {
  const log = new AlertLog(t.testdir())
  const { seen } = follow(t, log.path)
  log.add(alertLines(0, 2))
  await until(seen, 1)
  truncateSync(log.path, 0)
  log.add(alertLine(2))
  await until(seen, 2)
  rmSync(log.path)
  log.add(alertLine(3))
  await until(seen, 3)
  t.same(seen, [0, 1, 2, 3])
})

t.test('a copy that is emptied afterwards is the same log', async (t) => {
  const log = new AlertLog(t.testdir())
  const { seen } = follow(t, log.path)
  log.add(alertLine(0))
  await until(seen, 0)
  log.add(alertLine(1))
  copyFileSync(log.path, `${log.path}.1`)
  truncateSync(log.path, 0)
  log.add(alertLine(2))
  await until(seen, 2)
  t.same(seen, [0, 1, 2])
})

t.test('an old file that is put there has not arrived', async (t) => {
  const log = new AlertLog(t.testdir())
  const { seen } = follow(t, log.path)
  log.add(alertLine(0))
  await until(seen, 0)
  writeFileSync(`${log.path}.5.gz`, gzipSync(alertLine(7)))
  log.add(alertLine(1))
  await until(seen, 1)
  t.same(seen, [0, 1])
})

t.test('only what is wanted is seen', async (t) => {
  const log = new AlertLog(t.testdir())
  const { seen } = follow(t, log.path, { filter: { id: 1 } })
  log.add(alertLine(0), alertLine(1, { id: 1 }))
  await until(seen, 1)
  t.same(seen, [1])
})

t.test('a log that is not there yet is waited for, its directory as well', async (t) => {
  const dir = t.testdir()
  const log = new AlertLog(`${dir}/log`)
  const { seen } = follow(t, log.path)
  mkdirSync(`${dir}/log`)
  log.add(alertLine(0))
  await until(seen, 0)
  renameSync(`${dir}/log`, `${dir}/old`)
  mkdirSync(`${dir}/log`)
  log.add(alertLine(1))
  await until(seen, 1)
  t.same(seen, [0, 1])
})

t.test('following ends at once when nobody looks any more', async (t) => {
  const log = new AlertLog(t.testdir())
  log.add(alertLine(0))
  const { seen, end } = follow(t, log.path, { pollMs: 3_600_000 })
  await until(seen, 0)
  await end()
  log.add(alertLine(1))
  t.same(seen, [0])
  const over = follow(t, log.path)
  await over.end()
})
