import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { layoutUnder } from '../../src/registry/layout.ts'
import { alertIds, alertLines } from '../helpers/alert-lines.ts'
import { runCommand, type RunningCommand } from '../helpers/command.ts'
import { eventually } from '../helpers/eventually.ts'
import { licensed } from '../helpers/licensed.ts'
import { watchedNfs, type WatchedNfs } from '../helpers/nfs-watch.ts'
import { shownRecord } from '../helpers/shown-record.ts'

t.setTimeout(120_000)

const needsRoot = process.getuid?.() === 0 ? false : 'needs root, to be somebody else'
const nobody = 65_534
const asNobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups']

/** Gives the license, and what it lies in, to a monitor that is not root. */
function giveLicense({ env }: WatchedNfs): void {
  const { lib } = layoutUnder(env.CLP_FSMON_ROOT)
  const inside = readdirSync(lib).map((name) => join(lib, name))
  for (const path of [join(lib, '../..'), join(lib, '..'), lib, ...inside]) {
    chownSync(path, nobody, nobody)
  }
}

async function goesOn(nfs: WatchedNfs): Promise<void> {
  const seen = nfs.checks()
  await eventually('it goes on checking', () => nfs.checks() > seen + 1)
}

async function isShown(t: Test, nfs: WatchedNfs, monitor: RunningCommand): Promise<void> {
  const { env } = nfs
  await eventually('its record is there again', async () => {
    return (await shownRecord(t, 'clp_nfsmon', 'x', { env }))?.process.pid === monitor.pid
  })
}

t.test(
  'where nothing may be written it does not start, and says why',
  { skip: needsRoot },
  async (t) => {
    const nfs = await watchedNfs(t)
    giveLicense(nfs)
    const { status, err } = await nfs.start('x', [], { via: asNobody }).ended
    t.equal(status, 5)
    t.strictSame(alertLines(err), ['42 ERROR The clp_nfsmon has detected system error (mkdir 13).'])
    t.match(err, nfs.env.CLP_FSMON_ROOT, 'the directory is named')
    t.equal(nfs.checks(), 0)
  },
)

t.test('a directory of somebody else is not used', { skip: needsRoot }, async (t) => {
  const nfs = await watchedNfs(t)
  const run = join(nfs.env.CLP_FSMON_ROOT, 'run/clp-fsmon')
  mkdirSync(run, { recursive: true })
  chownSync(run, nobody, nobody)
  const { status, err } = await nfs.start('x').ended
  t.equal(status, 5)
  t.match(alertIds(err), [42])
  t.match(err, run)
})

t.test(
  'rights that are taken from a running monitor do not end it',
  { skip: needsRoot },
  async (t) => {
    const nfs = await watchedNfs(t)
    const root = nfs.env.CLP_FSMON_ROOT
    chownSync(root, nobody, nobody)
    giveLicense(nfs)
    const monitor = nfs.start('x', ['-i', '1'], { via: asNobody })
    await monitor.said(/ 2 INFO /)
    const run = join(root, 'run/clp-fsmon')
    chownSync(run, 0, 0)
    chmodSync(run, 0o755)
    await monitor.said(/the record cannot be written, watching goes on/)
    await goesOn(nfs)
    chownSync(run, nobody, nobody)
    chmodSync(run, 0o700)
    await isShown(t, nfs, monitor)
    t.match(await runCommand(t, 'clp_nfsmon', ['x', '-stop'], { env: nfs.env }), { status: 0 })
    const { status, err } = await monitor.ended
    t.equal(status, 0)
    t.equal(err.split('the record cannot be written').length, 2, 'told once')
  },
)

t.test('a state directory that is removed is made again by who watches', async (t) => {
  const nfs = await watchedNfs(t)
  const root = nfs.env.CLP_FSMON_ROOT
  const monitor = nfs.start('x', ['-i', '1'])
  await monitor.said(/ 2 INFO /)
  for (const [turn, gone] of ['run/clp-fsmon', 'run', 'run', 'var'].entries()) {
    // At once, before it can be written into again.
    renameSync(join(root, gone), join(root, `gone${turn}`))
    rmSync(join(root, `gone${turn}`), { recursive: true })
    await goesOn(nfs)
    await isShown(t, nfs, monitor)
    const control = (word: string) => runCommand(t, 'clp_nfsmon', ['x', word], { env: nfs.env })
    await eventually('it can be paused', async () => (await control('-pause')).status === 0)
    t.match(await control('-continue'), { status: 0 }, `after ${gone} was removed`)
  }
  await licensed(root)
  t.match(await nfs.start('x').ended, { status: 3 }, 'the ID is still its own')
  t.match(await runCommand(t, 'clp_nfsmon', ['x', '-stop'], { env: nfs.env }), { status: 0 })
  t.match(await monitor.ended, { status: 0 })
  const log = readFileSync(join(root, 'var/log/clp-fsmon/alert.log'), 'utf8')
  t.match(log, /"id":3\b/, 'and its log is there again')
})

t.test(
  'where its directories were is a file, and a dead server is found all the same',
  async (t) => {
    const nfs = await watchedNfs(t)
    const root = nfs.env.CLP_FSMON_ROOT
    const monitor = nfs.start('x', ['-i', '1', '-c', '1', '-r', '1'])
    await monitor.said(/ 2 INFO /)
    renameSync(root, `${root}-away`)
    t.teardown(() => {
      rmSync(root)
      renameSync(`${root}-away`, root)
    })
    writeFileSync(root, '')
    await monitor.said(/the record cannot be written, watching goes on/)
    await goesOn(nfs)
    nfs.fallSilent()
    const { status, err } = await monitor.ended
    t.equal(status, 1)
    t.strictSame(alertIds(err), [1, 2, 0, 66, 6])
  },
)
