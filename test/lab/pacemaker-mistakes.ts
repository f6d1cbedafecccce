import t, { type Test } from 'tap'
import { eventually } from '../helpers/eventually.ts'
import { skipOutsideLab } from '../helpers/lab.ts'
import { Cluster } from '../helpers/lab/cluster.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }
const floating = '10.213.250.8'
const operations = 'op start timeout=300s op stop timeout=60s op monitor interval=2s timeout=20s'
const timing = 'interval=1 retries=2 wait=20'

t.test('mistakes are told of, and what is well stays where it is', options, async (t) => {
  const cluster = await Cluster.create(t, 2)
  await Promise.all(cluster.hosts.map((host) => host.samba()))
  await cluster.configure(`
rsc_defaults resource-stickiness=100
primitive ip IPaddr2 params ip=${floating} cidr_netmask=16 op monitor interval=5s
primitive mon ocf:clp:fsmon params kind=samba share=guest address=${floating} ${timing} ${operations}
group files ip mon
`)
  const active = await cluster.started(['ip', 'mon'])
  const spare = cluster.hosts.find(({ name }) => name !== active)?.name ?? ''
  const { pid } = (await cluster.watching(active, 'mon')).process
  const host = cluster.host(active)
  const crm = async (...words: string[]) => {
    const said = await host.exec('crm', ['-F', ...words])
    t.equal(said.status, 0, `${words.join(' ')}: ${said.stdout}${said.stderr}`)
  }
  const shown = async () => (await host.exec('crm_mon', ['-1'])).stdout
  const tells = async (pattern: RegExp) => {
    let seen = ''
    await eventually(
      `crm_mon shows ${pattern}`,
      async () => pattern.test((seen = await shown())),
      90_000,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}; it shows ${seen}\n${cluster.log(active).slice(-3000)}`)
    })
  }
  const isUnharmed = async (t: Test) => {
    t.equal(await cluster.started(['ip', 'mon']), active, 'the group is where it was')
    t.equal(await cluster.failures('mon', active), 0)
    t.equal((await cluster.watching(active, 'mon')).process.pid, pid, 'watched by whom it was')
    t.notMatch(await shown(), / stop on /, 'no stop has failed: that would have a node fenced')
  }
  const forget = async (name: string, primitive = name) => {
    await crm('resource', 'stop', name)
    await eventually('it is stopped', async () =>
      (await cluster.placed()).every(({ resource }) => resource !== primitive),
    )
    await crm('configure', 'delete', ...new Set([name, primitive]))
    await cluster.cleanUp('mon')
  }

  // Each has a name of its own, for a cluster does not forget at once how often one of that name has failed.
  for (const [what, name, parameters, reason] of [
    [
      'a kind that there is not',
      'odd-kind',
      'kind=ftp share=guest',
      "kind is samba, nfs or run, not 'ftp'",
    ],
    ['no share', 'no-share', 'kind=samba', 'parameter share is missing'],
    [
      'a parameter that there is not',
      'odd-parameter',
      'kind=samba shar=guest',
      'parameter share is missing',
    ],
    [
      'no number',
      'no-number',
      'kind=samba share=guest interval=10s',
      "interval is a number .* not '10s'",
    ],
    [
      'an odd identifier',
      'odd-id',
      'kind=samba share=guest id="../a b"',
      'letters and digits only',
    ],
    [
      "another one's identifier",
      'same-id',
      'kind=samba share=guest id=mon',
      'resource mon has a monitor mon',
    ],
  ] as const) {
    await t.test(what, async (t) => {
      // Where the other one is, for there they could meet.
      await cluster.configure(
        `primitive ${name} ocf:clp:fsmon params ${parameters} ${operations}\n` +
          `location ${name}-there ${name} inf: ${active}\n`,
      )
      await tells(new RegExp(`${name} start on .*'not configured' \\(.*${reason}`))
      await isUnharmed(t)
      await forget(name)
    })
  }

  await t.test('a share that there is not', async (t) => {
    const parameters = 'kind=samba share=nosuch interval=1 retries=1 wait=20'
    await cluster.configure(
      `primitive no-such-share ocf:clp:fsmon params ${parameters} ${operations}\n`,
    )
    await tells(/no-such-share start on .*the server is abnormal: .*BAD_NETWORK_NAME/)
    await isUnharmed(t)
    await forget('no-such-share')
  })

  await t.test('a clone that is unique, with two on a host', async (t) => {
    const parameters = `kind=samba share=guest ${timing}`
    await cluster.configure(
      `primitive twice ocf:clp:fsmon params ${parameters} ${operations}\n` +
        'clone twices twice meta globally-unique=true clone-max=4 clone-node-max=2\n',
    )
    await tells(/twice:\d start on .*'not configured' \(.*globally-unique/)
    await isUnharmed(t)
    await forget('twices', 'twice')
  })

  await t.test('no license where it is put first', async (t) => {
    const license = '/var/lib/clp-fsmon'
    const other = cluster.host(spare)
    await other.exec('mv', [license, `${license}.away`])
    await cluster.configure(
      `primitive stay ocf:heartbeat:Dummy op monitor interval=5s\n` +
        `location stay-there stay 10: ${spare}\n`,
    )
    await cluster.started(['stay'], active)
    await cluster.configure(
      `primitive unwatched ocf:clp:fsmon params kind=samba share=guest ${timing} ${operations}\n` +
        'group unlicensed stay unwatched\n',
    )
    await tells(
      /unwatched start on .*'not configured' \(.*license of clp_sambamon is not registered/,
    )
    t.equal(await cluster.started(['stay'], active), spare, 'it moves nothing that is well')
    await isUnharmed(t)
    await other.exec('mv', [`${license}.away`, license])
    await cluster.cleanUp('unwatched')
    t.equal(
      await cluster.started(['stay', 'unwatched'], active),
      spare,
      'with one it is started there',
    )
  })

  await t.test('a value that is wrong, given to the monitor of what is well', async (t) => {
    await crm('resource', 'param', 'mon', 'set', 'retries', 'many')
    await tells(/mon start on .*'not configured' \(parameter retries is a number/)
    t.equal(await cluster.started(['ip'], spare), active, 'the service stays')
    await crm('resource', 'param', 'mon', 'set', 'retries', '2')
    await cluster.cleanUp('mon')
    t.equal(await cluster.started(['ip', 'mon']), active)
  })
})
