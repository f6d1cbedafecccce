import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { identityOf, isRunning, type ProcessIdentity } from '../../src/registry/process-identity.ts'
import { membersOf } from '../../src/repair/session.ts'
import { eventually } from '../helpers/eventually.ts'
import {
  forgetUnderWay,
  noteUnderWay,
  orphanIn,
  readUnderWay,
  settleOrphan,
  underWayFile,
  type UnderWay,
} from '../../src/repair/under-way.ts'
import { systemClock } from '../../src/watch/clock.ts'

const never = new AbortController().signal

function identity(pid: number): ProcessIdentity {
  const found = identityOf(pid)
  if (found === undefined) throw new Error(`no process ${pid}`)
  return found
}

/** A step that runs, of a monitor that is gone. */
async function orphan(t: Test, script = 'echo up; sleep 600', ms = 600_000) {
  const gone = { ...identity(process.pid), startTicks: '1' }
  const child = spawn('/bin/sh', ['-c', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const leader = identity(child.pid ?? 0)
  t.teardown(() => {
    for (const pid of membersOf(leader)) process.kill(pid, 'SIGKILL')
  })
  await once(child.stdout, 'data')
  const untilUptimeMs = systemClock.uptime() + ms
  const step: UnderWay = { step: 'restart', watch: 'w1', leader, monitor: gone, untilUptimeMs }
  return { step, leader, child }
}

t.test('a step is an orphan while it runs and its monitor does not', async (t) => {
  const run = t.testdir()
  t.equal(orphanIn(run), undefined)
  const { step, child } = await orphan(t)
  noteUnderWay(run, { ...step, monitor: identity(process.pid) })
  t.same(readUnderWay(run), { ...step, monitor: identity(process.pid) })
  t.equal(orphanIn(run), undefined, 'its monitor sees to it')
  noteUnderWay(run, step)
  t.same(orphanIn(run), step)
  t.same(readdirSync(run).length, 1, 'nothing is left beside it')
  child.kill('SIGKILL')
  await once(child, 'exit')
  for (const pid of membersOf(step.leader)) process.kill(pid, 'SIGKILL')
  forgetUnderWay(run)
  forgetUnderWay(run)
  t.equal(orphanIn(run), undefined)
})

t.test('an orphan is waited for until its time is up', async (t) => {
  const run = t.testdir()
  const { step, leader } = await orphan(t, `echo up; sleep 0.3`)
  noteUnderWay(run, step)
  t.equal(await settleOrphan(run, systemClock, never), true)
  t.same(membersOf(leader), [])
  t.notOk(existsSync(underWayFile(run)))
})

t.test('and then ended, by itself or not', async (t) => {
  const run = t.testdir()
  const { step, leader } = await orphan(t, `trap '' TERM; echo up; while :; do sleep 600; done`, 0)
  noteUnderWay(run, step)
  t.equal(await settleOrphan(run, systemClock, never), true)
  t.same(membersOf(leader), [])
})

t.test(
  'what a step that has come to its end has left running is a server, and goes on',
  async (t) => {
    const run = t.testdir()
    const { step, leader } = await orphan(t, 'sleep 600 & echo up', 0)
    await eventually('the step has ended', () => !isRunning(leader))
    noteUnderWay(run, step)
    t.equal(orphanIn(run), undefined)
    t.equal(await settleOrphan(run, systemClock, never), true)
    t.equal(membersOf(leader).length, 1)
  },
)

t.test('who does not want to wait any more leaves it as it is', async (t) => {
  const run = t.testdir()
  const { step, leader } = await orphan(t)
  noteUnderWay(run, step)
  t.equal(await settleOrphan(run, systemClock, AbortSignal.abort()), false)
  t.equal(await settleOrphan(run, systemClock, AbortSignal.timeout(50)), false)
  t.ok(membersOf(leader).length > 0)
  t.ok(existsSync(underWayFile(run)))
})

t.test('what is no such step is none', async (t) => {
  const run = t.testdir()
  const { step } = await orphan(t)
  const wrong = [
    '',
    '[]',
    'null',
    ...Object.keys(step).map((name) => JSON.stringify({ ...step, [name]: null })),
    JSON.stringify({ ...step, leader: { ...step.leader, pid: 'x' } }),
  ]
  for (const text of wrong) {
    writeFileSync(underWayFile(run), text)
    t.equal(readUnderWay(run), undefined, text)
    t.equal(orphanIn(run), undefined)
  }
  t.throws(() => noteUnderWay(`${run}/none`, step), { code: 'ENOENT' })
  t.throws(() => forgetUnderWay('/proc/1/comm'), { code: 'ENOTDIR' })
})
