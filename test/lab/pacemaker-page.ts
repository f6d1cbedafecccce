import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { installCommands, runWords } from '../helpers/lab/as-installed.ts'
import { Cluster } from '../helpers/lab/cluster.ts'
import { lab } from '../helpers/lab/command.ts'
import { pageSection, putIn } from '../helpers/page-blocks.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }
const floating = '10.213.250.6'
const share = '[pub]\npath = /srv/pub\nguest ok = yes\n'

t.test('Pacemaker, by crm and by pcs', options, async (t) => {
  const [
    groupByCrm = '',
    groupByPcs = '',
    template = '',
    addByCrm = '',
    addByPcs = '',
    cloneByCrm = '',
    cloneByPcs = '',
    pauseAndContinue = '',
    cleanUpByCrm = '',
    cleanUpByPcs = '',
  ] = pageSection(t, 'clusters.md', 'Pacemaker', 10)
  const cluster = await Cluster.create(t, 2)
  const client = await Host.create({ name: 'client' })
  t.teardown(() => client.down())
  const [first] = cluster.hosts
  if (first === undefined) throw new Error('unreachable')
  const disk = join(tmpdir(), 'page.img')
  for (const host of cluster.hosts) {
    await installCommands(host)
    await runWords(host, 'mkdir -p /srv/pub && echo hello >/srv/pub/hello.txt')
    await lab(['start', host.name, 'samba', '--conf', '-'], { stdin: share })
    await lab(['stop', host.name, 'samba'])
  }
  const makeDisk = [
    `truncate -s 16M ${disk} && mkfs.ext4 -q ${disk} && mount -o loop ${disk} /srv/pub`,
    'chmod 755 /srv/pub && echo hello >/srv/pub/hello.txt && umount /srv/pub',
  ]
  await runWords(first, makeDisk.join(' && '))
  const network = { '192.0.2.10': floating, 'cidr_netmask=24': 'cidr_netmask=16' }
  const service = {
    ...network,
    '/dev/vg/pub': disk,
    'fstype=xfs': 'fstype=ext4 options=loop',
  }
  const samba = [
    'binfile=/usr/sbin/smbd cmdline_options="--foreground --no-process-group"',
    'pidfile=/run/smb-group.pid logfile=/var/log/samba/stdout stop_timeout=2',
  ].join(' ')
  const reads = () =>
    eventually('a client reads', async () => {
      const words = ['-N', `//${floating}/pub`, '-t', '5', '-c', 'get hello.txt -']
      return (await client.exec('smbclient', words)).stdout.includes('hello')
    })

  await runWords(first, putIn(template, { '192.0.2.10': floating }))
  for (const { tool, server, group, add, clone, cleanUp, list } of [
    {
      tool: 'crm',
      server: `ocf:heartbeat:anything params ${samba}`,
      group: groupByCrm,
      add: addByCrm,
      clone: cloneByCrm,
      cleanUp: cleanUpByCrm,
      list: 'crm ra info ocf:clp:fsmon',
    },
    {
      tool: 'pcs',
      server: `ocf:heartbeat:anything ${samba}`,
      group: groupByPcs,
      add: addByPcs,
      clone: cloneByPcs,
      cleanUp: cleanUpByPcs,
      list: 'pcs resource describe ocf:clp:fsmon',
    },
  ]) {
    await t.test(`${tool}: a group, and the monitor last in it`, async (t) => {
      await runWords(first, putIn(group, { ...service, 'systemd:smbd': server }))
      await runWords(first, add)
      const active = await cluster.started(['ip', 'fs', 'smb', 'smbmon'])
      await reads()
      t.match(
        (await runWords(first, 'crm_resource --resource files --query-xml')).stdout,
        /id="ip"[^]*id="fs"[^]*id="smb"[^]*id="smbmon"/,
      )
      const { worstCaseMs, process } = await cluster.watching(active, 'smbmon')
      t.equal(worstCaseMs, 90_000, 'with the timing that the page gives it')
      t.match((await runWords(first, list)).stdout, /^ *slow_ms/m)

      const [pause = '', goOn = ''] = pauseAndContinue.split('\n')
      await runWords(cluster.host(active), pause)
      const paused = await cluster.record(active, 'smbmon')
      t.equal(paused?.state, 'paused')
      await runWords(cluster.host(active), goOn)
      await cluster.watching(active, 'smbmon')

      await runWords(cluster.host(active), `kill -9 ${process.pid}`)
      await cluster.watching(active, 'smbmon', process.pid)
      await eventually(
        'the failure is known',
        async () => (await cluster.failures('smbmon', active)) === 1,
      )
      await runWords(first, cleanUp)
      await eventually(
        'it is forgotten',
        async () => (await cluster.failures('smbmon', active)) === 0,
      )
      t.equal(await cluster.started(['ip', 'fs', 'smb', 'smbmon']), active)
      await runWords(first, 'pcs resource delete files')
    })

    await t.test(`${tool}: a clone, and the address where it is`, async () => {
      for (const host of cluster.hosts) await lab(['start', host.name, 'samba'])
      await runWords(first, putIn(clone, network))
      await cluster.started(['ip'])
      await eventually('both are watched', async () => {
        const placed = await cluster.placed()
        return (
          placed.filter(({ resource, role }) => resource === 'smbmon' && role === 'Started')
            .length === 2
        )
      })
      await reads()
      await runWords(first, 'pcs resource delete ip && pcs resource delete smbmons')
      for (const host of cluster.hosts) await lab(['stop', host.name, 'samba'])
    })
  }
})
