import t from 'tap'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { Cluster } from '../helpers/lab/cluster.ts'
import { lab } from '../helpers/lab/command.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }

const floating = '10.213.250.3'
const resources = `
primitive mon ocf:clp:fsmon params kind=samba share=guest interval=1 retries=2 wait=2 \\
  op start timeout=60s op stop timeout=60s op monitor interval=1s timeout=20s
clone mons mon
primitive ip IPaddr2 params ip=${floating} cidr_netmask=16 op monitor interval=5s
order watched-first inf: mons ip
colocation where-it-is-watched inf: ip mons
`

t.test('a cluster of three hosts that all serve, each with a monitor', options, async (t) => {
  const cluster = await Cluster.create(t, 3)
  await Promise.all(cluster.hosts.map((host) => host.samba()))
  const client = await Host.create({ name: 'client' })
  t.teardown(() => client.down())
  await cluster.configure(resources)
  const reads = async () =>
    eventually('a client reads', async () => {
      const words = ['-N', `//${floating}/guest`, '-t', '5', '-c', 'get hello.txt -']
      return (await client.exec('smbclient', words)).stdout.includes('hello')
    })
  const watched = async () =>
    (await cluster.placed())
      .filter(({ resource, role }) => resource === 'mon' && role === 'Started')
      .map(({ host }) => host)
      .toSorted()

  const first = await cluster.started(['ip'])
  await eventually('every host is watched', async () => (await watched()).length === 3)
  await reads()

  await lab(['freeze', first, 'samba'])
  const second = await cluster.started(['ip'], first)
  await reads()
  t.notOk(
    (await watched()).includes(first),
    'where Samba stands still no monitor claims to be well',
  )

  await lab(['thaw', first, 'samba'])
  await cluster.cleanUp('mon')
  await eventually('every host is watched again', async () => (await watched()).length === 3)
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
    return !stdout.includes(floating)
  })

  await cutOff.heal()
  await eventually('they are together again', async () => (await watched()).length === 3)
  t.not(await cluster.whereIs('ip'), undefined, 'the address is on one host and no more')
  await reads()
})
