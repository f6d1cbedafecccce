import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { alertIds } from '../helpers/alert-lines.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { licensed } from '../helpers/licensed.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }
const root = join(import.meta.dirname, '../..')

/** An EXEC resource made of a template, run as the cluster runs it. */
class ExecResource {
  readonly #t: Test
  readonly #directory: string
  readonly #env: Record<string, string>

  constructor(t: Test, template: string, settings: Record<string, string>) {
    this.#t = t
    this.#directory = join(t.testdirName, template)
    mkdirSync(this.#directory, { recursive: true })
    for (const name of ['start.sh', 'stop.sh']) {
      let text = readFileSync(join(root, 'templates', template, name), 'utf8')
      for (const [setting, value] of Object.entries(settings)) {
        text = text.replace(new RegExp(`^${setting}=.*$`, 'm'), `${setting}='${value}'`)
      }
      writeFileSync(join(this.#directory, name), text, { mode: 0o755 })
    }
    this.#env = {
      PATH: `${join(root, 'bin')}:${process.env.PATH ?? ''}`,
      CLP_FSMON_ROOT: join(t.testdirName, 'root'),
      CLP_EVENT: 'START',
      CLP_DISK: 'SUCCESS',
      CLP_SERVER: 'HOME',
    }
  }

  /** Runs a script; whoever watches its number hears of its end. */
  run(name: 'start.sh' | 'stop.sh', more: Record<string, string> = {}) {
    const script = join(this.#directory, name)
    // The test runner puts its own loaders into the environment of every process of Node.
    const child = spawn('env', ['-u', 'NODE_OPTIONS', script], {
      env: { ...this.#env, ...more },
      stdio: 'pipe',
    })
    this.#t.teardown(() => child.kill('SIGKILL'))
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (said += text))
    }
    const ended = once(child, 'close').then(([status]) => ({ status: status as unknown, said }))
    const says = async (pattern: RegExp) => {
      while (!pattern.test(said)) {
        const which = await Promise.race([once(child.stderr, 'data'), ended])
        if ('said' in which && !pattern.test(said)) throw new Error(`ended without it: ${said}`)
      }
    }
    return { child, ended, says }
  }
}

const kinds = [
  {
    template: 'samba-mon',
    serve: (host: Host) => host.samba(),
    settings: { SHARE: 'guest' },
    found: [1, 2, 74, 6],
  },
  {
    template: 'nfs-mon',
    serve: (host: Host) => host.ganesha(),
    settings: { DIRECTORY: '/srv/nfs/data' },
    found: [1, 2, 0, 66, 6],
  },
]

for (const { template, serve, settings, found } of kinds) {
  t.test(`a group with ${template} lives and fails over as it should`, options, async (t) => {
    await licensed(join(t.testdir(), 'root'))
    const host = await Host.create()
    t.teardown(() => host.down())
    const server = await serve(host)
    const resource = new ExecResource(t, template, {
      ...settings,
      ADDRESS: host.address,
      INTERVAL: '1',
      RETRIES: '2',
      WAIT: '1',
    })

    const healthy = resource.run('start.sh')
    await healthy.says(/ 2 INFO /)
    t.match(await resource.run('stop.sh').ended, { status: 0 }, 'the group is stopped')
    const stopped = await healthy.ended
    t.equal(stopped.status, 0, 'which is no fault to whoever watches the number of start.sh')
    t.strictSame(alertIds(stopped.said), [1, 2, 3])

    const watched = resource.run('start.sh')
    await watched.says(/ 2 INFO /)
    await server.freeze()
    const failed = await watched.ended
    t.equal(failed.status, 1, 'start.sh has ended with a failure')
    t.strictSame(alertIds(failed.said), found)
    t.match(await resource.run('stop.sh').ended, { status: 0 }, 'stop.sh has nothing left to stop')

    await server.thaw()
    const again = resource.run('start.sh', { CLP_EVENT: 'FAILOVER', CLP_SERVER: 'OTHER' })
    await again.says(/ 2 INFO /)
    const stop = resource.run('stop.sh', { CLP_EVENT: 'FAILOVER', CLP_SERVER: 'OTHER' })
    t.match(await stop.ended, { status: 0, said: /^FAILOVER1\nON_OTHER2\n/ })
    t.match(await again.ended, { status: 0 }, 'and where it failed over to it is stopped as well')
  })
}
