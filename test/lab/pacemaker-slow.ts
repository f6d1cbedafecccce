import t from 'tap'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { Cluster } from '../helpers/lab/cluster.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }
const floating = '10.213.250.7'
const slowMs = 2000

t.test(
  'a server that has become slow is shown as degraded, and nothing moves',
  options,
  async (t) => {
    const cluster = await Cluster.create(t, 2)
    // Its wire is what becomes slow; what a host asks of itself goes over none.
    const server = await Host.create({ name: 'server' })
    t.teardown(() => server.down())
    await server.samba()
    await cluster.configure(`
primitive ip IPaddr2 params ip=${floating} cidr_netmask=16 op monitor interval=5s
primitive mon ocf:clp:fsmon params kind=samba share=guest address=${server.address} \\
  interval=1 retries=2 wait=60 slow_ms=${slowMs} \\
  op start timeout=300s op stop timeout=60s op monitor interval=1s timeout=20s
group files ip mon
`)
    const active = await cluster.started(['ip', 'mon'])
    const { pid } = (await cluster.watching(active, 'mon')).process
    const shown = async () => (await cluster.host(active).exec('crm_mon', ['-1'])).stdout
    const checkedAfresh = async () => {
      const before = (await cluster.record(active, 'mon'))?.lastCheck?.at
      await eventually('another check has ended', async () => {
        const now = (await cluster.record(active, 'mon'))?.lastCheck?.at
        return now !== undefined && now !== before
      })
    }

    await server.delay(500)
    const degraded =
      /mon .*'OCF_DEGRADED' \(slow: the last check took (\d+) ms, of which 2000 are well\)/
    let tookMs = 0
    await eventually('crm_mon shows that it is slow', async () => {
      tookMs = Number(degraded.exec(await shown())?.[1] ?? 0)
      return tookMs > 0
    })
    t.ok(tookMs > slowMs, `the check took ${tookMs} ms`)
    for (let time = 0; time < 3; time += 1) await checkedAfresh()
    const record = await cluster.watching(active, 'mon')
    t.equal(record.process.pid, pid, 'the same monitor watches on')
    t.equal(await cluster.started(['ip', 'mon']), active, 'and nothing has moved')
    t.equal(await cluster.failures('mon', active), 0)

    await server.heal()
    await eventually('checks are as quick as they were', async () => {
      await checkedAfresh()
      const { lastCheck } = (await cluster.record(active, 'mon')) ?? {}
      return lastCheck?.verdict === 'ok' && lastCheck.ms < slowMs
    })
    await eventually('it is well again', async () => {
      await cluster.cleanUp('mon')
      await checkedAfresh()
      return !(await shown()).includes('Failed Resource Actions')
    })
    t.equal(await cluster.started(['ip', 'mon']), active)
  },
)
