import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { Cluster } from '../helpers/lab/cluster.ts'
import { lab } from '../helpers/lab/command.ts'
import { listText } from '../helpers/lab/running-fleet.ts'

t.setTimeout(600_000)

const floating = '10.213.250.7'
const operations =
  'op start timeout=60s op stop timeout=60s op monitor interval=1s timeout=20s meta resource-stickiness=1'

t.test('lists of watches in a cluster of three hosts', { skip: skipOutsideLab() }, async (t) => {
  const cluster = await Cluster.create(t, 3)
  const nas = await Host.create({ name: 'nas' })
  t.teardown(() => nas.down())
  await Promise.all([
    nas.samba(),
    ...cluster.hosts.flatMap((host) => [host.samba(), host.ganesha()]),
  ])
  const defaults = { interval: 1, retries: 2, wait: 2 }
  const directory = t.testdir()
  const own = join(directory, 'own.toml')
  writeFileSync(
    own,
    listText(
      [
        { id: 'ownShare', kind: 'samba', share: 'guest' },
        { id: 'ownExport', kind: 'nfs', directory: '/srv/nfs/data' },
      ],
      { 'exit-on': 'any' },
      defaults,
    ),
  )
  const remote = join(directory, 'remote.toml')
  const shares = ['guest', 'gone'].map((share) => ({
    id: `nas${share}`,
    kind: 'samba',
    share,
    address: nas.address,
    depth: 'service',
  }))
  writeFileSync(remote, listText(shares, { 'exit-on': 'all' }, defaults))
  const [first, second, third] = cluster.hosts.map(({ name }) => name)
  if (first === undefined || second === undefined || third === undefined) throw new Error('hosts')
  await cluster.configure(`
node ${first} attributes zone=near
node ${second} attributes zone=near
node ${third} attributes zone=far
primitive own ocf:clp:fsmon params kind=run list=${own} ${operations}
clone owns own
primitive ip IPaddr2 params ip=${floating} cidr_netmask=16 op monitor interval=5s
order watched-first inf: owns ip
colocation where-it-is-watched inf: ip owns
primitive remote ocf:clp:fsmon params kind=run list=${remote} ${operations}
location near-the-nas remote rule -inf: zone ne near
`)
  const watched = async () =>
    (await cluster.placed())
      .filter(({ resource, role }) => resource === 'own' && role === 'Started')
      .map(({ host }) => host)
      .toSorted()

  await t.test('a clone watches each host, and the address leaves where it fails', async (t) => {
    const where = await cluster.started(['ip'])
    await eventually('every host is watched', async () => (await watched()).length === 3)
    await lab(['freeze', where, 'ganesha'])
    const next = await cluster.started(['ip'], where)
    t.not(next, where)
    await eventually('two are watched', async () => (await watched()).length === 2)
    t.notOk((await watched()).includes(where))
    await lab(['thaw', where, 'ganesha'])
    await cluster.cleanUp('own')
    await eventually('every host is watched again', async () => (await watched()).length === 3)
  })

  await t.test(
    'a list of servers elsewhere is watched from where its attribute says',
    async (t) => {
      const where = await cluster.started(['remote'])
      t.ok([first, second].includes(where))
      const other = where === first ? second : first
      await cluster.host(where).off()
      t.equal(await cluster.started(['remote'], where), other)
      await cluster.watching(other, 'nasguest')
      await cluster.watching(other, 'remote')
    },
  )
})
