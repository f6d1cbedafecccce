import t, { type Test } from 'tap'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { finish, lab, labCommand } from '../helpers/lab/command.ts'
import { join } from 'node:path'
import { fillInSettings } from '../../src/cli/fsmon/template-settings.ts'
import { readFileSync } from 'node:fs'

t.setTimeout(300_000)
// A service manager does a lot to a machine when it begins. The lab keeps it from ours, but whoever runs
// all tests on a machine of theirs should not have to rely on that.
const isWanted = process.env.CLP_FSMON_TEST_SYSTEMD === '1'
const options = {
  skip: skipOutsideLab() || (isWanted ? false : 'only with CLP_FSMON_TEST_SYSTEMD=1'),
}
const root = join(import.meta.dirname, '../..')
const unit = 'clp-sambamon@watch1.service'
const share = `it's "ours" $HOME`
const timing = { INTERVAL: '1', RETRIES: '1', WAIT: '1' }

/** A host with systemd as PID 1 and a share to watch. */
class Managed {
  readonly host: Host

  private constructor(host: Host) {
    this.host = host
  }

  static async create(t: Test): Promise<Managed> {
    const host = await Host.create({ name: 'managed' })
    t.teardown(() => host.down())
    await host.exec('env', ['-u', 'NODE_OPTIONS', join(root, 'bin/clplcnsc'), '--community'])
    await host.exec('mkdir', ['-p', '/etc/clp-fsmon'])
    await lab(['systemd', host.name])
    return new Managed(host)
  }

  /** Writes a file that the service manager reads. */
  async write(path: string, text: string): Promise<void> {
    await this.run('mkdir', '-p', path.slice(0, path.lastIndexOf('/')))
    const words = ['systemd', this.host.name, 'tee', path]
    const { status, stderr } = await finish(labCommand, words, { stdin: text })
    if (status !== 0) throw new Error(stderr)
  }

  /** The settings of an instance, filled in as `clp_fsmon template` does. */
  async settings(values: Record<string, string>): Promise<void> {
    const template = readFileSync(join(root, 'templates/systemd/samba.env'), 'utf8')
    await this.write('/etc/clp-fsmon/watch1.env', fillInSettings(template, values))
  }

  run(...words: string[]) {
    return finish(labCommand, ['systemd', this.host.name, ...words])
  }

  systemctl(...words: string[]) {
    return this.run('systemctl', ...words)
  }

  async shows(property: string): Promise<string> {
    return (await this.systemctl('show', '--value', '-p', property, unit)).stdout.trim()
  }

  /** Waits until the unit is so. */
  async is(property: string, wanted: RegExp): Promise<void> {
    let now = ''
    await eventually(
      `${property} ${wanted}`,
      async () => wanted.test((now = await this.shows(property))),
      40_000,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}; it is '${now}'`)
    })
  }
}

t.test('systemd starts, watches over and ends a monitor by its unit', options, async (t) => {
  const managed = await Managed.create(t)
  const conf = `[it's "ours" $HOME]\npath = /srv\nguest ok = yes\n`
  await lab(['start', managed.host.name, 'samba', '--conf', '-'], { stdin: conf })
  await managed.settings({ SHARE: share, ...timing, RETRIES: '30' })
  await managed.write(
    '/etc/systemd/system/clp-sambamon@.service.d/lab.conf',
    '[Unit]\nOnFailure=clp-fsmon-failed@%p-%i.service\n[Service]\nRestartSec=100ms\nWatchdogSec=1\n',
  )
  await managed.write(
    '/etc/systemd/system/clp-fsmon-failed@.service.d/lab.conf',
    '[Service]\nExecStart=\nExecStart=/bin/sh -c "echo %i >>/run/told"\n',
  )
  await managed.systemctl('daemon-reload')
  const told = async () => (await managed.run('cat', '/run/told')).stdout

  await t.test('it is started once the server has answered', async (t) => {
    await lab(['freeze', managed.host.name, 'samba'])
    await managed.systemctl('start', '--no-block', unit)
    await managed.is('StatusText', /^failing: failed, .*failure 2 of 31/)
    t.equal(await managed.shows('ActiveState'), 'activating')
    t.equal(await managed.shows('NRestarts'), '0', 'and not ended by a watchdog that is too short')
    await lab(['thaw', managed.host.name, 'samba'])
    await managed.is('ActiveState', /^active$/)
    await managed.is('StatusText', /^watching: ok, \d+ ms$/)
    t.match((await managed.systemctl('status', unit)).stdout, /Status: "watching: ok, \d+ ms"/)
    await managed.systemctl('stop', unit)
    t.equal(await managed.shows('ActiveState'), 'inactive')
    t.equal(await managed.shows('Result'), 'success', 'a stop is no failure')
  })

  await managed.settings({ SHARE: share, ...timing })
  t.equal((await managed.systemctl('start', unit)).status, 0)

  await t.test('one that is killed is started again', async (t) => {
    await managed.systemctl('kill', '--signal=KILL', unit)
    await managed.is('NRestarts', /^1$/)
    await managed.is('ActiveState', /^active$/)
    t.equal(await managed.shows('Result'), 'success')
  })

  await t.test('one that stands still is ended by the watchdog, and started again', async (t) => {
    const pid = await managed.shows('MainPID')
    await managed.systemctl('kill', '--signal=STOP', unit)
    await managed.is('NRestarts', /^2$/)
    await managed.is('ActiveState', /^active$/)
    t.not(await managed.shows('MainPID'), pid)
  })
  t.equal(await told(), '', 'and nobody was told of a failure')

  await t.test('one that has found its server abnormal is not, and that is told', async (t) => {
    await lab(['freeze', managed.host.name, 'samba'])
    await managed.is('ActiveState', /^failed$/)
    t.equal(await managed.shows('ExecMainStatus'), '1')
    t.equal(await managed.shows('NRestarts'), '2')
    await eventually('it is told', async () => (await told()) === 'clp-sambamon-watch1\n')
    await lab(['thaw', managed.host.name, 'samba'])
  })

  await t.test('settings that lack something end it, once and with a reason', async (t) => {
    await managed.systemctl('reset-failed', unit)
    await managed.write('/etc/clp-fsmon/watch1.env', 'INTERVAL=1\n')
    t.not((await managed.systemctl('start', unit)).status, 0)
    await managed.is('ActiveState', /^failed$/)
    t.equal(await managed.shows('ExecMainStatus'), '2')
    await managed.run('rm', '/etc/clp-fsmon/watch1.env')
    await managed.systemctl('reset-failed', unit)
    t.not((await managed.systemctl('start', unit)).status, 0)
    t.equal(await managed.shows('Result'), 'resources')
  })
})
