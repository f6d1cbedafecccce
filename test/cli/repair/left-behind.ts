import { spawn } from 'node:child_process'
import t, { type Test } from 'tap'
import { endLeftBehind, leftBehind } from '../../../src/cli/repair/left-behind.ts'
import { identityOf } from '../../../src/registry/process-identity.ts'
import { membersOf } from '../../../src/repair/session.ts'
import { noteUnderWay } from '../../../src/repair/under-way.ts'
import { sampleRecord } from '../../helpers/record.ts'

/** A step that runs, of a monitor that is gone unless told otherwise. */
function scene(t: Test, isGone = true) {
  const run = t.testdir()
  const child = spawn('/bin/sleep', ['600'], { detached: true, stdio: 'ignore' })
  t.teardown(() => child.kill('SIGKILL'))
  const [me, leader] = [identityOf(process.pid), identityOf(child.pid ?? 0)]
  if (me === undefined || leader === undefined) throw new Error('no identity')
  const monitor = isGone ? { ...me, startTicks: '1' } : me
  noteUnderWay(run, { step: 'mend', watch: 'w1', leader, monitor, untilUptimeMs: 1e12 })
  return { run, leader, monitor }
}

t.test('a step belongs to the watch that began it', async (t) => {
  const { run, leader, monitor } = scene(t)
  t.match(leftBehind(run, 'w1', undefined), { step: 'mend' })
  t.equal(leftBehind(run, 'w2', undefined), undefined)
  const own = { ...sampleRecord(), id: 'list', process: monitor }
  t.match(leftBehind(run, 'list', own), { step: 'mend' }, 'or to its whole process')
  t.equal(leftBehind(run, 'w2', { ...own, sharesProcess: true }), undefined)
  t.equal(leftBehind(run, 'list', { ...own, process: { ...monitor, pid: 1 } }), undefined)
  const found = leftBehind(run, 'w1', undefined)
  t.equal(found && (await endLeftBehind(found)), true)
  t.same(membersOf(leader), [])
  t.equal(leftBehind(run, 'w1', undefined), undefined)
})

t.test('one whose monitor runs is the monitor’s to end', (t) => {
  const { run, monitor } = scene(t, false)
  t.equal(leftBehind(run, 'w1', { ...sampleRecord(), process: monitor }), undefined)
  t.end()
})
