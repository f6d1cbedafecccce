import t from 'tap'
import { alertLines } from '../helpers/alert-lines.ts'
import { runCommand, startCommand } from '../helpers/command.ts'
import { watchedNfs } from '../helpers/nfs-watch.ts'
import { shownRecord } from '../helpers/shown-record.ts'

t.setTimeout(600_000)

const starts = Number(process.env.CLP_FSMON_TEST_STARTS ?? 200)

t.test(`of ${starts} simultaneous starts of one ID exactly one runs`, async (t) => {
  const nfs = await watchedNfs(t)
  const samba = ['-s', 'pub', '-a', '127.0.0.1', '--port', '1', '-c', '10000']
  const began = performance.now()
  // Every tenth is the other command: an ID is one across both.
  const monitors = Array.from({ length: starts }, (_, at) =>
    at % 10 === 9
      ? startCommand(t, 'clp_sambamon', ['one', ...samba], { env: nfs.env })
      : nfs.start('one'),
  )
  const losers: { status: number | null; signal: string | null; err: string }[] = []
  await new Promise<void>((resolve) => {
    for (const monitor of monitors) {
      void monitor.ended.then((ended) => {
        if (losers.push(ended) === starts - 1) resolve()
      })
    }
  })
  t.comment(`${starts} starts settled after ${Math.round(performance.now() - began)} ms`)
  const told = '14 ERROR The specified monitor id is already under use in other processes.'
  const strange = losers.filter(
    ({ status, err }) => status !== 3 || alertLines(err).join('\n') !== told,
  )
  t.strictSame(strange, [], 'every loser says 14 and nothing else, and ends with 3')

  const [winner, ...others] = monitors.filter(
    ({ child }) => child.exitCode === null && child.signalCode === null,
  )
  t.strictSame(others, [])
  if (winner === undefined) throw new Error('nobody runs')
  await winner.said(/ 1 INFO /)
  const command = monitors.indexOf(winner) % 10 === 9 ? 'clp_sambamon' : 'clp_nfsmon'
  const shown = await shownRecord(t, command, 'one', { env: nfs.env })
  t.equal(shown?.process.pid, winner.pid, 'the record is that of the one that runs')
  t.match(await runCommand(t, command, ['one', '-stop'], { env: nfs.env }), { status: 0 })
  t.match(await winner.ended, { status: 0 })
})
