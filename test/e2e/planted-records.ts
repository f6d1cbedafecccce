import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { alertIds } from '../helpers/alert-lines.ts'
import { runCommand } from '../helpers/command.ts'
import { licensed } from '../helpers/licensed.ts'
import { watchedNfs, type WatchedNfs } from '../helpers/nfs-watch.ts'
import { shownRecord } from '../helpers/shown-record.ts'
import { spawnSleeper } from '../helpers/sleeper.ts'

t.setTimeout(180_000)

/** The text of a record, as a monitor that was killed leaves it. */
async function leftBehind(nfs: WatchedNfs): Promise<string> {
  const monitor = nfs.start('x')
  await monitor.said(/ 2 INFO /)
  monitor.child.kill('SIGKILL')
  await monitor.ended
  return readFileSync(join(nfs.env.CLP_FSMON_ROOT, 'run/clp-fsmon/x.json'), 'utf8')
}

/** A new place for monitors of the same server, with something where the record of x would be. */
async function place(nfs: WatchedNfs, name: string, plant: (path: string) => void) {
  const root = join(nfs.env.CLP_FSMON_ROOT, name)
  await licensed(root)
  const directory = join(root, 'run/clp-fsmon')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  plant(join(directory, 'x.json'))
  return { env: { CLP_FSMON_ROOT: root } }
}

t.test('a record that is none stands in nobody’s way', async (t) => {
  const nfs = await watchedNfs(t)
  const good = await leftBehind(nfs)
  const precious = join(nfs.env.CLP_FSMON_ROOT, 'precious')
  writeFileSync(precious, 'precious')
  const other = (change: object) => JSON.stringify({ ...JSON.parse(good), ...change })
  const planted: Record<string, (path: string) => void> = {
    empty: (path) => writeFileSync(path, ''),
    truncated: (path) => writeFileSync(path, good.slice(0, good.length / 2)),
    garbage: (path) => writeFileSync(path, randomBytes(4096)),
    megabyte: (path) => writeFileSync(path, good.repeat(4000)),
    list: (path) => writeFileSync(path, '[]'),
    future: (path) =>
      writeFileSync(
        path,
        other({ version: 99, process: { pid: 1, startTicks: '1', bootId: 'x' } }),
      ),
    strange: (path) => writeFileSync(path, other({ version: 99, process: 'nobody', state: 7 })),
    wrong: (path) => writeFileSync(path, other({ process: { pid: -1 }, failures: 'many' })),
    foreign: (path) => writeFileSync(path, other({ id: 'y' })),
    link: (path) => symlinkSync(precious, path),
    pipe: (path) => execFileSync('mkfifo', [path]),
  }
  for (const [name, plant] of Object.entries(planted)) {
    const options = await place(nfs, name, plant)
    const control = (...words: string[]) => runCommand(t, 'clp_nfsmon', ['x', ...words], options)
    const shown = await control('-disp')
    t.match(shown, { status: 3, out: '' }, `${name}: is not shown as a monitor`)
    t.ok(shown.err !== '', `${name}: with a word about it`)
    t.match(await control('-stop'), { status: 0 }, `${name}: nothing is left to be stopped`)
    t.match(await runCommand(t, 'clp_fsmon', ['status'], options), { status: 0 })
    const monitor = nfs.start('x', [], options)
    await monitor.said(/ 2 INFO /)
    t.match(await shownRecord(t, 'clp_nfsmon', 'x', options), {
      state: 'watching',
      process: { pid: monitor.pid },
    })
    t.match(monitor.err(), 'took over the ID x', `${name}: the take-over is told`)
    monitor.child.kill('SIGTERM')
    const { status, err } = await monitor.ended
    t.equal(status, 0, `${name}: exit status`)
    t.strictSame(alertIds(err), [1, 2, 3], name)
  }
  t.equal(readFileSync(precious, 'utf8'), 'precious', 'a link is not followed')
})

t.test('the record of a number that others have by now names nobody', async (t) => {
  const nfs = await watchedNfs(t)
  const good = JSON.parse(await leftBehind(nfs)) as { process: object }
  const stranger = await spawnSleeper(t)
  const owners = {
    recycled: { ...stranger, startTicks: String(Number(stranger.startTicks) - 1) },
    rebooted: { ...stranger, bootId: '00000000-0000-0000-0000-000000000000' },
  }
  for (const [name, process] of Object.entries(owners)) {
    const options = await place(nfs, name, (path) => {
      writeFileSync(path, JSON.stringify({ ...good, process }))
    })
    const stop = await runCommand(t, 'clp_nfsmon', ['x', '-stop', '--force'], options)
    t.match(stop, { status: 0 }, `${name}: counts as ended`)
    const monitor = nfs.start('x', [], options)
    await monitor.said(/ 2 INFO /)
    monitor.child.kill('SIGTERM')
    t.match(await monitor.ended, { status: 0 })
  }
  t.doesNotThrow(() => process.kill(stranger.pid, 0), 'the stranger was left alone')
})

t.test('a record of a later version whose process runs is in use', async (t) => {
  const nfs = await watchedNfs(t)
  const good = JSON.parse(await leftBehind(nfs)) as object
  const newer = { ...good, version: 99, process: await spawnSleeper(t) }
  const options = await place(nfs, 'newer', (path) => writeFileSync(path, JSON.stringify(newer)))
  const { status, err } = await nfs.start('x', [], options).ended
  t.equal(status, 3)
  t.strictSame(alertIds(err), [14])
  t.match(await runCommand(t, 'clp_nfsmon', ['x', '-del'], options), { status: 3 })
})
