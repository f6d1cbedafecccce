import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runCommand } from '../../helpers/command.ts'
import { watchedNfs } from '../../helpers/nfs-watch.ts'

const quick = ['-i', '1', '-c', '1', '-r', '1']
const fromSource = true

t.test('a healthy server is watched until -stop, and the record says how it ended', async (t) => {
  const nfs = await watchedNfs(t)
  const monitor = nfs.start('nfswatch', quick, { fromSource })
  await monitor.said(/A dead server is found after at most 4 s/)
  await monitor.said(/ 1 INFO The clp_nfsmon has started watching NFS\.\n/)
  await monitor.said(/ 2 INFO The clp_nfsmon is going to watch shared directory '\/srv\/data'\.\n/)
  const { env } = nfs
  const disp = await runCommand(t, 'clp_nfsmon', ['nfswatch', '-disp'], { env, fromSource })
  t.match(disp, { status: 0, out: new RegExp(`^${monitor.pid}\nstate: watching\n`) })
  const paused = await runCommand(t, 'clp_nfsmon', ['nfswatch', '-pause'], { env, fromSource })
  t.match(paused, { status: 0, out: /is paused/ })
  await monitor.said(/ 7 INFO /)
  const json = await runCommand(t, 'clp_nfsmon', ['nfswatch', '-disp', '--json'], {
    env,
    fromSource,
  })
  t.match(JSON.parse(json.out), { id: 'nfswatch', state: 'paused', process: { pid: monitor.pid } })
  const going = await runCommand(t, 'clp_nfsmon', ['nfswatch', '-continue'], { env, fromSource })
  t.match(going, { status: 0, out: /watches again/ })
  await monitor.said(/ 8 INFO /)
  const stopped = await runCommand(t, 'clp_nfsmon', ['nfswatch', '-stop'], { env, fromSource })
  t.match(stopped, { status: 0, out: /has stopped/ })
  t.match(await monitor.ended, { status: 0, signal: null })
  t.match(
    monitor.err(),
    / 3 INFO The clp_nfsmon will stop watching NFS shared directory '\/srv\/data'\./,
  )
  const again = await runCommand(t, 'clp_nfsmon', ['nfswatch', '-stop'], { env, fromSource })
  t.match(again, { status: 0, out: /already ended \(stopped\)/ })
  const status = await runCommand(t, 'clp_fsmon', ['status'], { env, fromSource })
  t.match(status.out, /nfswatch +clp_nfsmon .* ended /)
  const log = readFileSync(join(env.CLP_FSMON_ROOT, 'var/log/clp-fsmon/alert.log'), 'utf8')
  const ids = log
    .trim()
    .split('\n')
    .flatMap((line) => (JSON.parse(line) as { id?: number }).id ?? [])
  t.strictSame(ids, [1, 2, 7, 8, 3], 'the log has every alert in order')
})

t.test('a server that falls silent is judged after all its tries, with 0, 66 and 6', async (t) => {
  const nfs = await watchedNfs(t)
  const monitor = nfs.start('nfswatch', quick, { fromSource })
  await monitor.said(/ 2 INFO /)
  nfs.fallSilent()
  const { status, err } = await monitor.ended
  t.equal(status, 1)
  t.match(
    err,
    / 0 ERROR clp_nfsmon: RPC: Timed out\n.* 66 ERROR The clp_nfsmon has detected an error in NFS\.\n.* 6 ERROR The clp_nfsmon will terminate\.\n$/,
  )
})

t.test('an ID that is in use is refused with 14 and status 3', async (t) => {
  const nfs = await watchedNfs(t)
  const first = nfs.start('nfswatch', quick, { fromSource })
  await first.said(/ 2 INFO /)
  const { status, err } = await nfs.start('nfswatch', quick, { fromSource }).ended
  t.equal(status, 3)
  t.match(err, /14 ERROR The specified monitor id is already under use in other processes\./)
  first.child.kill('SIGTERM')
  t.match(await first.ended, { status: 0 })
})

t.test('the ID of a monitor that was killed is taken over, and that is said', async (t) => {
  const nfs = await watchedNfs(t)
  const first = nfs.start('nfswatch', quick, { fromSource })
  await first.said(/ 2 INFO /)
  first.child.kill('SIGKILL')
  await first.ended
  const second = nfs.start('nfswatch', quick, { fromSource })
  await second.said(/took over the ID nfswatch: process \d+ is gone/)
  await second.said(/ 2 INFO /)
  second.child.kill('SIGINT')
  t.match(await second.ended, { status: 0 })
})

t.test('a state directory that cannot be used is a system error, not a verdict', async (t) => {
  const nfs = await watchedNfs(t)
  writeFileSync(join(nfs.env.CLP_FSMON_ROOT, 'run'), 'a file in the way')
  const { status, err } = await nfs.start('nfswatch', quick, { fromSource }).ended
  t.equal(status, 5)
  t.match(err, /42 ERROR The clp_nfsmon has detected system error \(mkdir 20\)\./)
})

t.test('a state directory that vanishes under a running monitor changes nothing', async (t) => {
  const nfs = await watchedNfs(t)
  const monitor = nfs.start('nfswatch', quick, { fromSource })
  await monitor.said(/ 2 INFO /)
  const run = join(nfs.env.CLP_FSMON_ROOT, 'run')
  renameSync(run, `${run}.gone`)
  await monitor.said(/the record had been removed; written again/)
  const { env } = nfs
  const stopped = await runCommand(t, 'clp_nfsmon', ['nfswatch', '-stop'], { env, fromSource })
  t.match(stopped, { status: 0 })
  t.match(await monitor.ended, { status: 0 })
})

t.test('a record that cannot be written any more does not end the watch', async (t) => {
  const nfs = await watchedNfs(t)
  const monitor = nfs.start('nfswatch', quick, { fromSource })
  await monitor.said(/ 2 INFO /)
  const run = join(nfs.env.CLP_FSMON_ROOT, 'run')
  renameSync(run, `${run}.gone`)
  writeFileSync(run, 'a file in the way')
  await monitor.said(/the record cannot be written, watching goes on/)
  monitor.child.kill('SIGTERM')
  t.match(await monitor.ended, { status: 0 })
})
