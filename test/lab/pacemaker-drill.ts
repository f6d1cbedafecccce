import t from 'tap'
import { eventually } from '../helpers/eventually.ts'
import { skipOutsideLab } from '../helpers/lab.ts'
import { Cluster } from '../helpers/lab/cluster.ts'
import { lab } from '../helpers/lab/command.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }

const floating = '10.213.250.1'
const share = '[pub]\npath = /srv/pub\nguest ok = yes\n'
const group = ['smb-ip', 'smb', 'smb-mon']
const groups = `
rsc_defaults resource-stickiness=100
primitive smb-ip IPaddr2 params ip=${floating} cidr_netmask=16 op monitor interval=5s
primitive smb ocf:heartbeat:anything params binfile=/usr/sbin/smbd \\
  cmdline_options="--foreground --no-process-group" pidfile=/run/smb-group.pid \\
  logfile=/var/log/samba/stdout stop_timeout=2 op monitor interval=2s
primitive smb-mon ocf:clp:fsmon params kind=samba share=pub address=${floating} \\
  interval=1 retries=2 wait=5 \\
  op start timeout=60s op stop timeout=60s op monitor interval=1s timeout=20s
group smb-group smb-ip smb smb-mon
`

type Line = { kind: string; id?: number; message: string; detail: Record<string, unknown> }

t.test('a drill moves the group as a dead server would, and leaves nothing', options, async (t) => {
  const cluster = await Cluster.create(t, 2)
  for (const host of cluster.hosts) {
    await lab(['start', host.name, 'samba', '--conf', '-'], { stdin: share })
    await lab(['stop', host.name, 'samba'])
    await host.exec('mkdir', ['-p', '/srv/pub'])
  }
  await cluster.configure(groups)
  const home = await cluster.started(group)
  const { process } = await cluster.watching(home, 'smbmon')

  const linesOf = async (host: string): Promise<Line[]> => {
    const { stdout } = await cluster.host(host).exec('cat', ['/var/log/clp-fsmon/alert.log'])
    return stdout
      .trimEnd()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line)
  }

  await t.test('a late server stays where it is', async (t) => {
    const said = await cluster.command(home, 'clp_sambamon', [
      'smbmon',
      '--drill',
      'slow',
      '--drill-seconds',
      '8',
    ])
    t.match(said, /drill 'slow' until/)
    await eventually('a late answer is seen', async () => {
      const record = await cluster.record(home, 'smbmon')
      return record?.lastCheck?.verdict === 'ok' && record.lastCheck.ms >= 4500
    })
    await eventually('it is over by itself', async () => {
      return (await cluster.record(home, 'smbmon'))?.drill === undefined
    })
    t.equal(await cluster.started(group), home)
    t.equal(await cluster.failures('smb-mon', home), 0)
    t.equal((await cluster.watching(home, 'smbmon')).process.pid, process.pid)
  })

  const answered = async () => (await cluster.host(home).exec('pgrep', ['-x', 'smbd'])).status === 0
  t.ok(await answered(), 'the server itself runs')
  const begunAt = Date.now()
  await cluster.command(home, 'clp_sambamon', ['smbmon', '--drill', 'fault'])
  const away = await cluster.started(group, home)
  t.comment(`moved after ${Date.now() - begunAt} ms`)

  await t.test('everything that was said of it is marked', async (t) => {
    const lines = await linesOf(home)
    const alerts = lines.filter(({ kind }) => kind === 'alert')
    const marked = alerts.filter(({ detail }) => detail['drill'] === 'fault')
    t.strictSame(
      marked.map(({ id }) => id),
      [72, 6],
    )
    for (const { message } of marked) t.match(message, /^DRILL: /)
    const record = await cluster.record(home, 'smbmon')
    t.match(record?.ended, { how: 'abnormal', exitStatus: 1, drill: 'fault' })
    t.match(await cluster.status(), /exitreason="DRILL \(fault\): the monitor ended/)
  })

  await t.test('the monitor of the other host is in no drill', async (t) => {
    const record = await cluster.watching(away, 'smbmon')
    t.equal(record.drill, undefined)
    t.equal(record.failures, 0)
    t.notOk((await linesOf(away)).some(({ message }) => message.includes('DRILL')))
  })

  await t.test(
    'after the failure is cleaned up the group can go home, and is well there',
    async (t) => {
      t.ok((await cluster.failures('smb-mon', home)) > 0, 'a drill counts like any failure')
      await cluster.cleanUp('smb-mon')
      t.equal(await cluster.failures('smb-mon', home), 0)
      t.equal(await cluster.started(group), away, 'it does not move by itself')
      const move = await cluster
        .host(away)
        .exec('crm_resource', ['--move', '--resource', 'smb-group', '--node', home])
      t.equal(move.status, 0, move.stderr)
      t.equal(await cluster.started(group, away), home)
      const record = await cluster.watching(home, 'smbmon', process.pid)
      t.equal(record.drill, undefined)
      t.equal(record.ended, undefined)
      t.notMatch(await cluster.status(), /DRILL/)
      t.equal(await cluster.failures('smb-mon', home), 0)
    },
  )
})
