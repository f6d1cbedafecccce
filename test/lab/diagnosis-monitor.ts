import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { DiagnosisProcess } from '../../src/cli/diagnosis/diagnosis-process.ts'
import { alertIds } from '../helpers/alert-lines.ts'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { licensed } from '../helpers/licensed.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }

const bin = join(import.meta.dirname, '../../bin')

/** A monitor that runs beside the server that it watches, and diagnoses. */
async function open(t: Test, command: 'clp_sambamon' | 'clp_nfsmon', retries: number) {
  const host = await Host.create()
  t.teardown(() => host.down())
  const root = t.testdir()
  await licensed(root)
  const node = ['-u', 'NODE_OPTIONS', `CLP_FSMON_ROOT=${root}`, process.execPath]
  const which = command === 'clp_sambamon' ? ['-s', 'guest'] : ['-d', '/srv/nfs/data']
  const timing = ['-i', '1', '-c', String(retries), '-r', '2']
  const start = (id: string, address = host.address) => {
    const argv = [join(bin, command), id, ...which, '-a', address, ...timing, '--diagnose', 'on']
    const monitor = host.spawn('env', [...node, ...argv])
    t.teardown(() => monitor[Symbol.asyncDispose]())
    return monitor
  }
  const status = async (id: string): Promise<Shown> => {
    const { stdout } = await host.exec('env', [
      ...node,
      join(bin, 'clp_fsmon'),
      'status',
      id,
      '--json',
    ])
    const [shown] = JSON.parse(stdout) as Shown[]
    if (shown === undefined) throw new Error(stdout)
    return shown
  }
  const table = async () =>
    (await host.exec('env', [...node, join(bin, 'clp_fsmon'), 'status'])).stdout
  return { host, start, status, table }
}

type Shown = {
  condition: string
  record: { state: string; diagnosis?: { wasHere?: boolean; causes: { key: string }[] } }
}

t.test('a monitor says before 6 why its server fails', options, async (t) => {
  const { host, start, status, table } = await open(t, 'clp_sambamon', 5)
  const samba = await host.samba()
  const monitor = start('x')
  await monitor.said(/ 2 INFO /)
  await samba.freeze()
  await eventually('it is known', async () => (await status('x')).record.diagnosis !== undefined)
  t.match(await status('x'), {
    condition: 'live',
    record: {
      state: 'failing',
      diagnosis: { wasHere: true, causes: [{ key: 'process-stopped' }] },
    },
  })
  t.match(await table(), /probable cause: smbd has been stopped \(SIGSTOP\)/)
  const { status: exitStatus, stderr } = await monitor.finished
  t.equal(exitStatus, 1)
  t.strictSame(alertIds(stderr), [1, 2, 74, 105, 6], stderr)
  t.match(stderr, /105 ERROR The clp_sambamon has found a probable cause: smbd has been stopped/)
  t.match(stderr, /probable cause 1: smbd .*: pid \d+ \(smbd\) state T/)
  t.match(await status('x'), {
    condition: 'ended',
    record: { diagnosis: { causes: [{ key: 'process-stopped' }] } },
  })
})

t.test('a server that is well again has no diagnosis any more', options, async (t) => {
  const { host, start, status } = await open(t, 'clp_nfsmon', 1000)
  const ganesha = await host.ganesha()
  const monitor = start('x')
  await monitor.said(/ 2 INFO /)
  for (const round of [1, 2]) {
    await ganesha.freeze()
    await eventually('it is known', async () => (await status('x')).record.diagnosis !== undefined)
    t.match((await status('x')).record, { diagnosis: { causes: [{ key: 'process-stopped' }] } })
    await ganesha.thaw()
    await eventually('it is forgotten', async () => {
      const { record } = await status('x')
      return record.state === 'watching' && record.diagnosis === undefined
    })
    t.pass(`round ${round}`)
  }
  await monitor.kill('SIGTERM')
  t.equal((await monitor.finished).status, 0)
})

t.test('a floating address that goes is what is said', options, async (t) => {
  const { host, start } = await open(t, 'clp_sambamon', 4)
  await host.samba()
  const floating = host.address.replace(/\d+$/, '250')
  const on = `$(ip -o -4 addr show to ${host.address} | awk '{print $2}')`
  await host.exec('bash', ['-ec', `ip addr add ${floating}/16 dev ${on}`])
  const monitor = start('x', floating)
  await monitor.said(/ 2 INFO /)
  await host.exec('bash', ['-ec', `ip addr del ${floating}/16 dev ${on}`])
  const { status, stderr } = await monitor.finished
  t.equal(status, 1)
  t.strictSame(alertIds(stderr).slice(-2), [105, 6], stderr)
  t.match(stderr, /105 ERROR .*the address [\d.]+ is not on this host \(address-absent\)/)
})

t.test(
  'a program on a disk that hangs holds nobody but the thread that starts it',
  options,
  async (t) => {
    const host = await Host.create()
    t.teardown(() => host.down())
    const made = await host.exec('bash', [
      '-ec',
      'mkdir /srv/far; printf "#!/bin/sh\\nexec sleep 600\\n" >/srv/far/command; chmod +x /srv/far/command',
    ])
    t.equal(made.status, 0, made.stderr)
    const inside = host.spawn('sleep', ['600'])
    t.teardown(() => inside[Symbol.asyncDispose]())
    const file = `/proc/${await inside.pid()}/root/srv/far/command`
    await host.hang('/srv/far')
    const process = new DiagnosisProcess({ file, args: [] }, 60_000)
    let isOver = false
    const hearer = { line: () => undefined, over: () => void (isOver = true) }
    const began = performance.now()
    t.ok(process.start([], hearer))
    let mostMs = performance.now() - began
    for (let turn = 0; turn < 100; turn += 1) {
      const before = performance.now()
      await sleep(10)
      mostMs = Math.max(mostMs, performance.now() - before - 10)
    }
    t.comment(`the watch stood still for ${mostMs.toFixed(1)} ms at most`)
    t.ok(mostMs < 5000, `${mostMs} ms`)
    t.notOk(isOver)
    t.notOk(process.start([], hearer), 'no other one begins meanwhile')
    t.equal(await process.close(200), false, 'and whoever ends must not wait for it')
    t.ok(isOver)
    await host.unhang('/srv/far')
    await eventually('it is gone', async () => process.close(100))
  },
)
