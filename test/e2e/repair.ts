import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { settingsFile } from '../../src/cli/settings/settings.ts'
import { identityOf, isRunning } from '../../src/registry/process-identity.ts'
import { layoutUnder } from '../../src/registry/layout.ts'
import { alertIds } from '../helpers/alert-lines.ts'
import { startCommand } from '../helpers/command.ts'
import { eventually } from '../helpers/eventually.ts'
import { repairScene } from '../helpers/repair-scene.ts'
import { shownRecord } from '../helpers/shown-record.ts'

/** What is probably wrong (105) is said before 6 only where it is known by then. */
const idsBut105 = (text: string) => alertIds(text).filter((id) => id !== 105)

t.setTimeout(300_000)

/** A zombie does not; whoever adopted it may take its time. */
function runs(pid: string): boolean {
  const identity = identityOf(Number(pid))
  return identity !== undefined && isRunning(identity)
}

/** Ignores being asked to end, as does a child of it; both tell their numbers. */
const stubborn = `trap '' TERM
echo $$ >>$here/pids
(trap '' TERM; echo $$ >/dev/null; while :; do sleep 1; done) & echo $! >>$here/pids
echo ready >>$here/begun
while :; do sleep 1; done`

t.test('a server that a step mends is watched on, and everybody can see it', async (t) => {
  const its = await repairScene(t, {
    mend: 'touch $here/asked; while [ ! -e $here/go ]; do sleep 0.05; done; echo mended it',
  })
  const monitor = its.start('w1')
  await monitor.said(/ 2 INFO /)
  its.smb.fallSilent()
  await eventually('the step runs', () => existsSync(its.file('asked')))
  await eventually('its record says so', async () => {
    const record = await shownRecord(t, 'clp_sambamon', 'w1', { env: its.smb.env })
    return record?.state === 'repairing'
  })
  const { out: shown } = await its.run('clp_sambamon', 'w1', '-disp')
  t.match(shown, /^state: repairing$/m)
  t.match(shown, /^repair: 0 mended, 0 not; mend \(any\) /m)
  t.match(await its.repairs(), { underWay: { step: 'mend', watch: 'w1', isOrphan: false } })
  its.smb.speak()
  writeFileSync(its.file('go'), '')
  await monitor.said(/has tried to repair Samba \[pub\] \(mend for any: mended\)/)
  await eventually('it watches again', async () => {
    const record = await shownRecord(t, 'clp_sambamon', 'w1', { env: its.smb.env })
    return record?.state === 'watching' && record.failures === 0
  })
  t.match(
    (await its.run('clp_sambamon', 'w1', '-disp')).out,
    /^repair: 1 mended, 0 not; .* mend for any: mended$/m,
  )
  t.match(await its.repairs(), {
    lastHour: 1,
    lately: [{ step: 'mend', watch: 'w1', mended: true }],
  })
  t.equal((await its.run('clp_sambamon', 'w1', '-stop')).status, 0)
  const { status, err } = await monitor.ended
  t.equal(status, 0)
  t.strictSame(idsBut105(err), [1, 2, 106, 3])
  t.match(err, /repair: mend says: mended it/)
})

t.test('one that no step mends fails over; each that fails leads to the next', async (t) => {
  const its = await repairScene(t, {
    first: 'echo first >>$here/order; yes | head -c 30000000; echo; echo the end; exit 3',
    second: 'echo second >>$here/order',
  })
  const monitor = its.start('w1')
  await monitor.said(/ 2 INFO /)
  its.smb.fallSilent()
  const { status, err } = await monitor.ended
  t.equal(status, 1)
  t.strictSame(idsBut105(err), [1, 2, 106, 74, 6])
  t.match(err, '(first for any: no help, exit 3; second for any: no help)')
  t.strictSame(its.lines('order'), ['first', 'second'])
  t.match(err, /repair: first says: the end/)
  t.ok(err.length < 20_000, 'of much output little is told')
  t.match(await its.repairs(), {
    lately: [
      { step: 'first', end: { why: 'exit 3' } },
      { step: 'second', end: { why: 'exit 0' } },
    ],
  })
})

t.test('a step that hangs ends at its limit, with all that it has started', async (t) => {
  const its = await repairScene(t, { hang: stubborn }, '', 'timeout = 1')
  const monitor = its.start('w1')
  await monitor.said(/ 2 INFO /)
  its.smb.fallSilent()
  const { status, err } = await monitor.ended
  t.equal(status, 1)
  t.strictSame(idsBut105(err), [1, 2, 106, 74, 6])
  t.match(err, 'it did not end within 1 s')
  t.equal(its.lines('pids').length, 2)
  t.notOk(its.lines('pids').some(runs))
})

for (const control of ['-pause', '-stop'] as const) {
  t.test(`${control} while a step runs ends the step first`, async (t) => {
    const its = await repairScene(t, { hang: stubborn })
    const monitor = its.start('w1')
    await monitor.said(/ 2 INFO /)
    its.smb.fallSilent()
    await eventually('the step runs', () => its.lines('begun').length === 1)
    t.equal((await its.run('clp_sambamon', 'w1', control)).status, 0)
    t.notOk(its.lines('pids').some(runs), 'nothing of it is left')
    its.smb.speak()
    if (control === '-pause') {
      t.equal((await its.run('clp_sambamon', 'w1', '-continue')).status, 0)
      await monitor.said(/ 8 INFO /)
      t.equal((await its.run('clp_sambamon', 'w1', '-stop')).status, 0)
    }
    const { status, err } = await monitor.ended
    t.equal(status, 0)
    t.strictSame(idsBut105(err), control === '-stop' ? [1, 2, 106, 3] : [1, 2, 106, 7, 8, 3])
    t.match(err, /broken off/)
  })
}

t.test(
  'a step whose monitor is killed is never run twice, and does not go on for ever',
  async (t) => {
    const its = await repairScene(t, { hang: stubborn }, '', 'timeout = 15')
    const first = its.start('first')
    // It comes to its own repair later, while the step of the other one still runs.
    const second = its.start('second', 3)
    await Promise.all([first.said(/ 2 INFO /), second.said(/ 2 INFO /)])
    its.smb.fallSilent()
    await eventually('the step runs', () => its.lines('begun').length === 1)
    first.child.kill('SIGKILL')
    await first.ended
    t.ok(its.lines('pids').some(runs))
    t.match(await its.repairs(), { underWay: { step: 'hang', isOrphan: true } })
    const { status, err } = await second.ended
    t.equal(status, 1)
    t.match(err, /hang: not again, its monitor was killed while it ran/)
    t.notOk(its.lines('pids').some(runs), 'it was ended at its limit')
    its.smb.speak()
    const again = its.start('first')
    await again.said(/ 2 INFO /)
    its.smb.fallSilent()
    t.match(await again.ended, { status: 1, err: /hang: not again/ })
    t.equal(its.lines('begun').length, 1, 'nor by the one that was started again')
  },
)

t.test('limits of the host count over restarts, and what they forbid is said', async (t) => {
  const its = await repairScene(t, { mend: 'echo >>$here/begun' }, 'per-hour = 1')
  for (const text of [/mend for any: no help/, /mend: forbidden, 1 steps an hour are the most/]) {
    its.smb.speak()
    const monitor = its.start('w1')
    await monitor.said(/ 2 INFO /)
    its.smb.fallSilent()
    const { status, err } = await monitor.ended
    t.equal(status, 1)
    t.strictSame(idsBut105(err), [1, 2, 106, 74, 6])
    t.match(err, text)
  }
  t.equal(its.lines('begun').length, 1)
  t.match(await its.repairs(), { steps: [{ forbidden: { why: 'per-hour', limit: 1 } }] })
})

t.test(
  'a configuration that others may write is run by nobody; the server is watched',
  async (t) => {
    const its = await repairScene(t, { mend: 'echo >>$here/begun' })
    chmodSync(settingsFile(layoutUnder(its.smb.env.CLP_FSMON_ROOT).etc), 0o666)
    const monitor = its.start('w1')
    await monitor.said(/ 2 INFO /)
    t.match(monitor.err(), /nothing is repaired: .*others than root can write/)
    its.smb.fallSilent()
    const { status, err } = await monitor.ended
    t.equal(status, 1)
    t.strictSame(idsBut105(err), [1, 2, 74, 6])
    t.equal(its.lines('begun').length, 0)
  },
)

t.test('what has never answered is not repaired', async (t) => {
  const its = await repairScene(t, { mend: 'echo >>$here/begun' })
  its.smb.fallSilent()
  const { status, err } = await its.start('w1').ended
  t.equal(status, 1)
  t.strictSame(idsBut105(err), [1, 74, 6])
  t.equal(its.lines('begun').length, 0)
})

t.test('the worst case counts the repair, and a reload leaves it as it was promised', async (t) => {
  const its = await repairScene(t, { mend: ':' }, 'total = 100\nwait = 7', 'timeout = 9')
  const monitor = its.start('w1')
  await monitor.said(/ 2 INFO /)
  const record = async () =>
    (await shownRecord(t, 'clp_sambamon', 'w1', { env: its.smb.env })) as
      { worstCaseMs?: number } | undefined
  // What it is without: an interval, two checks and a retry interval of a second each.
  const withoutMs = 1000 + 2 * 1000 + 1000
  const stepMs = 3 * 2000 + 9000 + 5000 + 0 + 1000
  const repairMs = 7000 + 1000 + 2000 + stepMs
  t.equal((await record())?.worstCaseMs, withoutMs + repairMs)
  t.match(monitor.err(), `at most ${(withoutMs + repairMs) / 1000} s`)
  const file = settingsFile(layoutUnder(its.smb.env.CLP_FSMON_ROOT).etc)
  writeFileSync(file, '')
  const { status, out } = await its.run('clp_fsmon', 'reload')
  t.equal(status, 0)
  t.match(out, /next start: repair/)
  t.equal((await record())?.worstCaseMs, withoutMs + repairMs)
  monitor.child.kill('SIGTERM')
  t.match(await monitor.ended, { status: 0 })
})

t.test('a list has its servers repaired, too', async (t) => {
  const its = await repairScene(t, {
    mend: 'touch $here/asked; while [ ! -e $here/go ]; do sleep 0.05; done',
  })
  const [, share, , address, , port] = its.smb.argv
  writeFileSync(
    its.file('watches.toml'),
    `[[watch]]\nid = "w1"\nkind = "samba"\nshare = "${share}"\naddress = "${address}"\nport = ${port}\ninterval = 1\nretries = 1\nwait = 1\n`,
  )
  const list = startCommand(t, 'clp_fsmon', ['run', its.file('watches.toml')], { env: its.smb.env })
  await list.said(/ 2 INFO /)
  its.smb.fallSilent()
  await eventually('the step runs', () => existsSync(its.file('asked')))
  its.smb.speak()
  writeFileSync(its.file('go'), '')
  await list.said(/\(mend for any: mended\)/)
  list.child.kill('SIGTERM')
  const { status, err } = await list.ended
  t.equal(status, 0)
  t.strictSame(idsBut105(err), [1, 2, 106, 3])
})
