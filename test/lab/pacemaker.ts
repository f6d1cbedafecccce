import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { Cluster } from '../helpers/lab/cluster.ts'
import { lab } from '../helpers/lab/command.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }
const root = join(import.meta.dirname, '../..')
const agent = join(root, 'templates/pacemaker/fsmon')

const floating = { samba: '10.213.250.1', nfs: '10.213.250.2' }
const timing = { interval: 1, retries: 2, wait: 2 }
const worstCaseMs =
  1000 * (timing.interval + (1 + timing.retries) * timing.wait + timing.retries * timing.interval)
/** What a busy machine may add. */
const latenessMs = 10_000

const watching = `interval=${timing.interval} retries=${timing.retries} wait=${timing.wait}`
const operations = 'op start timeout=60s op stop timeout=60s op monitor interval=1s timeout=20s'
const ganesha = [
  '-F -f /etc/ganesha/ganesha.conf',
  '-L /var/log/ganesha/ganesha.log -p /run/ganesha.pid',
].join(' ')
/** A disk that both hosts can reach, as they see it. */
const disk = join(tmpdir(), 'pub.img')
const share = '[pub]\npath = /srv/pub\nguest ok = yes\n'
const makeDisk = [
  `truncate -s 16M ${disk} && mkfs.ext4 -q ${disk} && mount -o loop ${disk} /srv/pub`,
  'chmod 755 /srv/pub && echo hello >/srv/pub/hello.txt && truncate -s 4M /srv/pub/big.bin',
  'umount /srv/pub',
].join(' && ')
const groups = `
rsc_defaults resource-stickiness=100
primitive smb-ip IPaddr2 params ip=${floating.samba} cidr_netmask=16 op monitor interval=5s
primitive smb-fs Filesystem params device="${disk}" directory=/srv/pub fstype=ext4 options=loop \\
  op monitor interval=5s
primitive smb ocf:heartbeat:anything params binfile=/usr/sbin/smbd \\
  cmdline_options="--foreground --no-process-group" pidfile=/run/smb-group.pid \\
  logfile=/var/log/samba/stdout stop_timeout=2 op monitor interval=2s
primitive smb-mon ocf:clp:fsmon params kind=samba share=pub address=${floating.samba} \\
  ${watching} pause_limit=3 max_age=6 ${operations}
group smb-group smb-ip smb-fs smb smb-mon
primitive nfs-ip IPaddr2 params ip=${floating.nfs} cidr_netmask=16 op monitor interval=5s
primitive nfs ocf:heartbeat:anything params binfile=/usr/bin/ganesha.nfsd \\
  cmdline_options="${ganesha}" pidfile=/run/nfs-group.pid \\
  logfile=/var/log/ganesha/stdout stop_timeout=2 op monitor interval=2s
primitive nfs-mon ocf:clp:fsmon params kind=nfs directory=/srv/nfs/data address=${floating.nfs} \\
  start_wait=10 ${watching} ${operations}
group nfs-group nfs-ip nfs nfs-mon
`

const sambaGroup = ['smb-ip', 'smb-fs', 'smb', 'smb-mon']
const nfsGroup = ['nfs-ip', 'nfs', 'nfs-mon']

t.test('the agent passes ocf-tester for both kinds', options, async (t) => {
  const host = await Host.create()
  t.teardown(() => host.down())
  await Promise.all([host.samba(), host.ganesha()])
  const env = ['-u', 'NODE_OPTIONS', `PATH=${join(root, 'bin')}:${process.env.PATH ?? ''}`]
  await host.exec('env', [...env, 'clplcnsc', '--community'])
  for (const [kind, target] of [
    ['samba', 'share=guest'],
    ['nfs', 'directory=/srv/nfs/data'],
  ]) {
    const values = [`kind=${kind}`, target ?? '', `address=${host.address}`, 'interval=1']
    const words = values.flatMap((value) => ['-o', value])
    const said = await host.exec('env', [...env, 'ocf-tester', '-n', `${kind}-1`, ...words, agent])
    t.match(said, { status: 0, stdout: /passed all tests/ }, said.stdout + said.stderr)
  }
})

t.test('groups of Samba and of Ganesha in a cluster of two hosts', options, async (t) => {
  const cluster = await Cluster.create(t, 2)
  const client = await Host.create({ name: 'client' })
  t.teardown(() => client.down())
  for (const host of cluster.hosts) {
    await host.rpcbind()
    await lab(['start', host.name, 'samba', '--conf', '-'], { stdin: share })
    await lab(['stop', host.name, 'samba'])
    await host.exec('mkdir', ['-p', '/srv/pub'])
    await (await host.ganesha()).stop()
  }
  const [first] = cluster.hosts
  t.match(await first?.exec('sh', ['-c', makeDisk]), { status: 0 })
  await cluster.configure(groups)

  const smbclient = ['-N', `//${floating.samba}/pub`, '-t', '5', '-c', 'get hello.txt -']
  const readers = {
    samba: () => client.exec('smbclient', smbclient),
    nfs: () => client.exec('nfs-cat', [`nfs://${floating.nfs}/srv/nfs/data/hello.txt`]),
  }
  const reads = async (what: keyof typeof readers) =>
    eventually(`a client reads by ${what}`, async () => {
      const { status, stdout } = await readers[what]()
      return status === 0 && stdout.includes('hello')
    })
  const other = (name: string) => cluster.hosts.find((host) => host.name !== name)?.name ?? ''

  await t.test('come up where a client can read through their addresses', async () => {
    await cluster.started(sambaGroup)
    await cluster.started(nfsGroup)
    await Promise.all([reads('samba'), reads('nfs')])
  })

  await t.test('stay where they are while they are well and have work to do', async (t) => {
    const [samba, nfs] = [await cluster.started(sambaGroup), await cluster.started(nfsGroup)]
    const untilMs = performance.now() + 1000 * Number(process.env.CLP_FSMON_SOAK_S ?? 10)
    const load = [
      ['smbclient', '-N', `//${floating.samba}/pub`, '-c', 'get big.bin /dev/null'],
      ['nfs-cat', `nfs://${floating.nfs}/srv/nfs/data/big.bin`],
    ] as const
    let runs = 0
    await Promise.all(
      load.map(async ([command, ...args]) => {
        while (performance.now() < untilMs) {
          if ((await client.exec(command, args)).status === 0) runs += 1
        }
      }),
    )
    t.ok(runs > 1, `${runs} times 4 MiB were read`)
    t.equal(await cluster.started(sambaGroup), samba)
    t.equal(await cluster.started(nfsGroup), nfs)
    t.equal(await cluster.failures('smb-mon', samba), 0)
    t.equal(await cluster.failures('nfs-mon', nfs), 0)
  })

  for (const { group, target, what } of [
    { group: sambaGroup, target: 'samba', what: 'samba' },
    { group: nfsGroup, target: 'ganesha', what: 'nfs' },
  ] as const) {
    const monitor = group.at(-1) ?? ''
    await t.test(`the group of ${what} moves when its server freezes`, async (t) => {
      const active = await cluster.started(group)
      const frozenAt = Date.now()
      await lab(['freeze', active, target])
      await cluster.started(group, active)
      const movedMs = Date.now() - frozenAt
      await reads(what)
      const backMs = Date.now() - frozenAt
      const record = await cluster.record(active, monitor.replace('-', ''))
      const { ended, worstCaseMs: promised } = record ?? {}
      const foundMs = Date.parse(ended?.at ?? '') - frozenAt
      t.comment(`frozen 0 · found ${foundMs} · moved ${movedMs} · served again ${backMs} ms`)
      t.equal(promised, worstCaseMs)
      t.equal(ended?.how, 'abnormal')
      t.ok(foundMs <= worstCaseMs + latenessMs, `found as soon as -r, -c and -i allow`)
      t.match(await cluster.status(), /exitreason="the server was judged abnormal here/)
      // Unless its resource's agent has ended all of it.
      await lab(['kill', active, target]).catch(() => {})
      await cluster.cleanUp(group.at(-2) ?? '')
      await cluster.cleanUp(monitor)
    })
  }

  await t.test('a monitor that is killed is started again in its place', async (t) => {
    const active = await cluster.started(sambaGroup)
    const { pid } = (await cluster.watching(active, 'smbmon')).process
    await cluster.host(active).exec('kill', ['-9', String(pid)])
    await cluster.watching(active, 'smbmon', pid)
    t.equal(await cluster.started(sambaGroup), active)
    t.equal(await cluster.failures('smb-mon', active), 1)
    await cluster.cleanUp('smb-mon')
  })

  await t.test('a monitor that stands still is replaced, and the group stays', async (t) => {
    const active = await cluster.started(sambaGroup)
    const { pid } = (await cluster.watching(active, 'smbmon')).process
    await cluster.host(active).exec('kill', ['-STOP', String(pid)])
    await cluster.watching(active, 'smbmon', pid)
    t.equal(await cluster.started(sambaGroup), active)
    t.match(cluster.log(active), /monitor smbmon stands still: no check for \d+ s/)
    await cluster.cleanUp('smb-mon')
  })

  await t.test('a paused monitor lets Samba be restarted, and is shown as degraded', async (t) => {
    const active = await cluster.started(sambaGroup)
    const { pid } = (await cluster.watching(active, 'smbmon')).process
    await cluster.command(active, 'clp_sambamon', ['smbmon', '-pause'])
    // A repair behind the cluster's back: its own resource of Samba must look away too.
    await cluster.manage('smb', false)
    const stopped = await cluster.host(active).exec('sh', ['-c', 'kill -9 $(pgrep -x smbd)'])
    t.equal(stopped.status, 0, stopped.stderr)
    await eventually('nobody can read', async () => (await readers.samba()).status !== 0)
    const degraded =
      /smb-mon .*'OCF_DEGRADED' \(watching has been paused for \d+ s; to go on: (.*)\)/
    let toGoOn = ''
    await eventually('crm_mon tells of the pause, and how to go on', async () => {
      const { stdout } = await cluster.host(active).exec('crm_mon', ['-1'])
      toGoOn = degraded.exec(stdout)?.[1] ?? ''
      return toGoOn !== ''
    })
    t.equal(toGoOn, 'clp_sambamon smbmon -continue')
    await cluster
      .host(active)
      .exec('sh', [
        '-c',
        'setsid smbd --foreground --no-process-group >/dev/null 2>&1 & echo $! >/run/smb-group.pid',
      ])
    await reads('samba')
    await cluster.cleanUp('smb')
    await cluster.manage('smb', true)
    const [command = '', ...words] = toGoOn.split(' ')
    await cluster.command(active, command, words)
    const record = await cluster.watching(active, 'smbmon')
    t.equal(record.process.pid, pid, 'the same monitor watches on')
    await cluster.cleanUp('smb-mon')
    await eventually('it is well again', async () => {
      const { stdout } = await cluster.host(active).exec('crm_mon', ['-1'])
      return !stdout.includes('Failed Resource Actions')
    })
    t.equal(await cluster.started(sambaGroup), active, 'and nothing has moved')
    t.equal(await cluster.failures('smb-mon', active), 0)
  })

  await t.test('the groups move when the power of their host fails', async (t) => {
    const lost = await cluster.started(sambaGroup)
    const left = other(lost)
    await cluster.host(lost).off()
    t.equal(await cluster.started(sambaGroup, lost), left)
    t.equal(await cluster.started(nfsGroup, lost), left)
    await Promise.all([reads('samba'), reads('nfs')])
  })
})
