import t from 'tap'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { Cluster } from '../helpers/lab/cluster.ts'
import { lab } from '../helpers/lab/command.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }

const floating = { samba: '10.213.250.3', nfs: '10.213.250.5' }
const watching = [
  'interval=1 retries=2 wait=2',
  'op start timeout=60s op stop timeout=60s op monitor interval=1s timeout=20s',
].join(' ')
const resources = `
primitive mon ocf:clp:fsmon params kind=samba share=guest ${watching}
clone mons mon
primitive ip IPaddr2 params ip=${floating.samba} cidr_netmask=16 op monitor interval=5s
order watched-first inf: mons ip
colocation where-it-is-watched inf: ip mons
primitive nfs-mon ocf:clp:fsmon params kind=nfs directory=/srv/nfs/data ${watching}
clone nfs-mons nfs-mon
primitive nfs-ip IPaddr2 params ip=${floating.nfs} cidr_netmask=16 op monitor interval=5s
order nfs-watched-first inf: nfs-mons nfs-ip
colocation where-nfs-is-watched inf: nfs-ip nfs-mons
`

t.test('a cluster of three hosts that all serve, each with a monitor', options, async (t) => {
  const cluster = await Cluster.create(t, 3)
  await Promise.all(cluster.hosts.flatMap((host) => [host.samba(), host.ganesha()]))
  const client = await Host.create({ name: 'client' })
  t.teardown(() => client.down())
  await cluster.configure(resources)
  const reads = async () =>
    eventually('a client reads', async () => {
      const words = ['-N', `//${floating.samba}/guest`, '-t', '5', '-c', 'get hello.txt -']
      const [samba, nfs] = await Promise.all([
        client.exec('smbclient', words),
        client.exec('timeout', ['5', 'nfs-cat', `nfs://${floating.nfs}/srv/nfs/data/hello.txt`]),
      ])
      return samba.stdout.includes('hello') && nfs.stdout.includes('hello')
    })
  const watched = async (monitor = 'mon') =>
    (await cluster.placed())
      .filter(({ resource, role }) => resource === monitor && role === 'Started')
      .map(({ host }) => host)
      .toSorted()

  const first = await cluster.started(['ip'])
  const firstOfNfs = await cluster.started(['nfs-ip'])
  const whole = async () =>
    (await watched()).length === 3 && (await watched('nfs-mon')).length === 3
  await eventually('every host is watched', whole)
  await reads()

  await Promise.all([lab(['freeze', first, 'samba']), lab(['freeze', firstOfNfs, 'ganesha'])])
  const second = await cluster.started(['ip'], first)
  await cluster.started(['nfs-ip'], firstOfNfs)
  await reads()
  t.notOk(
    (await watched()).includes(first),
    'where Samba stands still no monitor claims to be well',
  )
  t.notOk((await watched('nfs-mon')).includes(firstOfNfs), 'nor where Ganesha does')

  await Promise.all([lab(['thaw', first, 'samba']), lab(['thaw', firstOfNfs, 'ganesha'])])
  await cluster.cleanUp('mon')
  await cluster.cleanUp('nfs-mon')
  await eventually('every host is watched again', whole)
  t.equal(await cluster.whereIs('ip'), second, 'and nothing has moved for that')

  const cutOff = cluster.host(second)
  // Packets that vanish on their way out would hold up Corosync itself: its sender takes that for a full buffer.
  await cutOff.cut({ mode: 'unplug' })
  const rest = cluster.hosts.find(({ name }) => name !== second)
  await eventually('the rest has taken the address', async () => {
    const placed = await cluster.placed(rest)
    return placed.some(
      ({ resource, host, role }) => resource === 'ip' && role === 'Started' && host !== second,
    )
  })
  await reads()
  await eventually('who is cut off has given it up', async () => {
    const { stdout } = await cutOff.exec('ip', ['address', 'show', 'eth0'])
    return !stdout.includes(floating.samba) && !stdout.includes(floating.nfs)
  })

  await cutOff.heal()
  await eventually('they are together again', whole)
  t.not(await cluster.whereIs('ip'), undefined, 'the address is on one host and no more')
  t.not(await cluster.whereIs('nfs-ip'), undefined, 'and that of NFS too')
  await reads()
})
