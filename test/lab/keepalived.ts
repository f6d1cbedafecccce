import { join } from 'node:path'
import t, { type Test } from 'tap'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import type { HostProcess } from '../helpers/lab/host-process.ts'
import type { Samba } from '../helpers/lab/samba.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }
const root = join(import.meta.dirname, '../..')
const floating = '10.213.250.4'
const timing = ['-i', '1', '-c', '2', '-r', '2']
const worstCaseMs = 9000

/** A host that serves and watches Samba, and holds the floating address where keepalived wants it. */
class Server {
  readonly host: Host
  readonly samba: Samba
  #monitor: HostProcess | undefined

  constructor(host: Host, samba: Samba) {
    this.host = host
    this.samba = samba
  }

  static async create(t: Test, priority: number): Promise<Server> {
    const host = await Host.create({ name: 'vrrp' })
    t.teardown(() => host.down())
    const server = new Server(host, await host.samba())
    await server.command('clplcnsc', ['--community'])
    // As the documentation has it.
    const written = ['--id', 'sambawatch', '--to', '/etc/keepalived/fsmon']
    await server.command('clp_fsmon', ['template', 'keepalived', ...written])
    const { stdout } = await host.exec('cat', ['/etc/keepalived/fsmon/keepalived.conf'])
    const conf = stdout
      .replace('priority 150', `priority ${priority}`)
      .replace('192.0.2.10/24', `${floating}/16`)
    await host.exec('tee', ['/etc/keepalived/keepalived.conf'], { stdin: conf })
    await server.watch()
    host.spawn('keepalived', ['--dont-fork', '--log-console', '--vrrp'])
    return server
  }

  command(name: string, args: readonly string[]) {
    return this.host.exec('env', ['-u', 'NODE_OPTIONS', join(root, 'bin', name), ...args])
  }

  /** Starts the monitor; resolves when it has said so. */
  async watch(): Promise<HostProcess> {
    const words = [join(root, 'bin/clp_sambamon'), 'sambawatch', '-s', 'guest', ...timing]
    this.#monitor = this.host.spawn('env', ['-u', 'NODE_OPTIONS', ...words])
    await this.#monitor.said(/ 1 INFO /)
    return this.#monitor
  }

  get monitor(): HostProcess {
    if (this.#monitor === undefined) throw new Error('not watched yet')
    return this.#monitor
  }

  async holds(): Promise<boolean> {
    const { stdout } = await this.host.exec('ip', ['-4', 'address', 'show', 'eth0'])
    return stdout.includes(floating)
  }

  /** What the script says just now. */
  async verdict(): Promise<number | null> {
    return (await this.host.exec('/etc/keepalived/fsmon/check.sh')).status
  }
}

t.test('keepalived moves its address with the verdict of the monitors', options, async (t) => {
  const [main, spare] = await Promise.all([Server.create(t, 150), Server.create(t, 100)])
  const client = await Host.create({ name: 'client' })
  t.teardown(() => client.down())
  const reads = async () =>
    eventually('a client reads', async () => {
      const words = ['-N', `//${floating}/guest`, '-t', '5', '-c', 'get hello.txt -']
      return (await client.exec('smbclient', words)).stdout.includes('hello')
    })
  const onlyOn = async (server: Server) => {
    const other = server === main ? spare : main
    await eventually(
      'the address is there and only there',
      async () => (await server.holds()) && !(await other.holds()),
    )
  }
  /** Looks again and again until that has come to pass. */
  const staysOn = async (server: Server, until: Promise<unknown>) => {
    const progress = { isOver: false }
    void until.then(() => (progress.isOver = true))
    do {
      if (!(await server.holds())) return false
    } while (!progress.isOver)
    return true
  }

  await onlyOn(main)
  await reads()

  await main.command('clp_sambamon', ['sambawatch', '-pause'])
  await main.samba.freeze()
  const longer = eventually(
    'more time has passed than a dead server may take to be found',
    (
      (untilMs) => () =>
        performance.now() > untilMs
    )(performance.now() + worstCaseMs + 3000),
  )
  t.ok(await staysOn(main, longer), 'a paused monitor moves nothing')
  await main.samba.thaw()
  await main.command('clp_sambamon', ['sambawatch', '-continue'])

  await main.monitor.kill('SIGKILL')
  await main.monitor.finished
  await main.watch()
  const settled = eventually('it vouches again', async () => (await main.verdict()) === 0)
  t.ok(await staysOn(main, settled), 'a monitor that is killed and started again moves nothing')

  await main.samba.freeze()
  const frozenAtMs = performance.now()
  await onlyOn(spare)
  await reads()
  t.comment(`served again ${Math.round(performance.now() - frozenAtMs)} ms after the freeze`)
  t.match(await main.monitor.finished, { status: 1 })

  const again = await main.watch()
  t.ok(
    await staysOn(spare, again.finished),
    'a monitor that only begins to look vouches for nobody',
  )

  await main.samba.thaw()
  await main.watch()
  await onlyOn(main)
  await reads()
})
