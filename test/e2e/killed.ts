import t from 'tap'
import { alertIds } from '../helpers/alert-lines.ts'
import { runCommand, type RunningCommand } from '../helpers/command.ts'
import { watchedNfs } from '../helpers/nfs-watch.ts'
import { shownRecord } from '../helpers/shown-record.ts'
import { setTimeout as delay } from 'node:timers/promises'

t.setTimeout(1_200_000)

const kills = Number(process.env.CLP_FSMON_TEST_KILLS ?? 25)

async function kill(monitor: RunningCommand): Promise<void> {
  monitor.child.kill('SIGKILL')
  await monitor.ended
}

t.test(`after each of ${kills} kills at a random moment the ID can be had again`, async (t) => {
  const nfs = await watchedNfs(t)
  const first = nfs.start('x')
  const began = performance.now()
  await first.said(/ 2 INFO /)
  const wholeStartMs = performance.now() - began
  await kill(first)
  const startMs: number[] = []
  for (let round = 0; round < kills; round += 1) {
    const victim = nfs.start('x', ['-i', '1'])
    // From before it has done anything to after its first check.
    const afterMs = Math.random() * 1.3 * wholeStartMs
    await delay(afterMs)
    await kill(victim)
    const from = performance.now()
    const next = nfs.start('x')
    try {
      await next.said(/ 2 INFO /)
    } catch (error) {
      t.fail(`round ${round}, killed after ${Math.round(afterMs)} ms: ${String(error)}`)
      return
    }
    startMs.push(performance.now() - from)
    await kill(next)
  }
  const sorted = startMs.toSorted((a, b) => a - b).map(Math.round)
  t.comment(
    `${kills} starts after a kill, to message 2: median ${sorted[kills >> 1]} ms, longest ${sorted.at(-1)} ms; an undisturbed one ${Math.round(wholeStartMs)} ms`,
  )
  t.pass(`${kills} starts succeeded`)
})

t.test('what was killed is dead to every control, and -stop has nothing to do', async (t) => {
  const nfs = await watchedNfs(t)
  const { env } = nfs
  const monitor = nfs.start('x')
  await monitor.said(/ 2 INFO /)
  await kill(monitor)
  t.equal((await shownRecord(t, 'clp_nfsmon', 'x', { env }))?.process.pid, monitor.pid)
  t.match(await runCommand(t, 'clp_nfsmon', ['x', '-disp'], { env }), { out: /^state: dead/m })
  t.match(await runCommand(t, 'clp_nfsmon', ['x', '-pause'], { env }), { status: 3 })
  t.match(await runCommand(t, 'clp_nfsmon', ['x', '-stop'], { env }), { status: 0 })
  const again = nfs.start('x')
  await again.said(/ 2 INFO /)
  t.match(again.err(), `process ${monitor.pid} is gone`, 'the take-over is told')
  again.child.kill('SIGTERM')
  const { status, err } = await again.ended
  t.equal(status, 0)
  t.strictSame(alertIds(err), [1, 2, 3])
})
