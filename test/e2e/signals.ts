import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { alertIds } from '../helpers/alert-lines.ts'
import { runCommand } from '../helpers/command.ts'
import { eventually } from '../helpers/eventually.ts'
import { watchedNfs } from '../helpers/nfs-watch.ts'

t.setTimeout(120_000)

t.test('the signal that opens a debugger in other programs opens none', async (t) => {
  const nfs = await watchedNfs(t)
  const monitor = nfs.start('x', ['-i', '1'])
  await monitor.said(/ 2 INFO /)
  monitor.child.kill('SIGUSR1')
  const seen = nfs.checks()
  await eventually('it goes on checking', () => nfs.checks() > seen + 1)
  t.notMatch(monitor.err(), /[Dd]ebugger/)
  t.match(await runCommand(t, 'clp_nfsmon', ['x', '-stop'], { env: nfs.env }), { status: 0 })
  t.strictSame(alertIds((await monitor.ended).err), [1, 2, 3])
})

t.test('a log that has reached its limit of size does not end the watch', async (t) => {
  const nfs = await watchedNfs(t)
  const directory = join(nfs.env.CLP_FSMON_ROOT, 'var/log/clp-fsmon')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const log = join(directory, 'alert.log')
  writeFileSync(log, `${'x'.repeat(16 * 1024 - 1)}\n`)
  // In blocks of 512 bytes for dash, of 1024 for bash: the log is at the limit or beyond it.
  const via = ['sh', '-c', 'ulimit -f 16; exec "$@"', 'sh']
  const monitor = nfs.start('x', ['-i', '1'], { via })
  await monitor.said(/alerts by way of log: .*EFBIG/)
  const seen = nfs.checks()
  await eventually('it goes on checking', () => nfs.checks() > seen + 1)
  t.match(await runCommand(t, 'clp_nfsmon', ['x', '-stop'], { env: nfs.env }), { status: 0 })
  t.match(await monitor.ended, { status: 0 })
  t.notMatch(readFileSync(log, 'utf8'), '"id":2')
})
