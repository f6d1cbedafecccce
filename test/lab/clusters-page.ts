import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { installCommands, runWords } from '../helpers/lab/as-installed.ts'
import { lab } from '../helpers/lab/command.ts'
import { nagiosSettings, nobody } from '../helpers/lab/nagios-settings.ts'
import { parseNagiosOutput } from '../helpers/nagios-output.ts'
import { pageBlocks, pageSection, putIn } from '../helpers/page-blocks.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }
const root = join(import.meta.dirname, '../..')
const sections = pageBlocks('clusters.md')

const share = '[pub]\npath = /srv/pub\nguest ok = yes\n'

t.test('every block of the page is under a heading that is tried here', async (t) => {
  const tried = ['Pacemaker', 'systemd', 'keepalived', 'Nagios and Icinga']
  t.strictSame(
    [...sections].filter(([, { length }]) => length > 0).map(([heading]) => heading),
    tried,
  )
})

t.test('systemd', options, async (t) => {
  const [settings = '', failed = ''] = pageSection(t, 'clusters.md', 'systemd', 2)
  const [, , comesBack = ''] = ['', ...pageSection(t, 'clusters.md', 'keepalived', 2)]
  const host = await Host.create({ name: 'systemd' })
  t.teardown(() => host.down())
  await installCommands(host)
  await runWords(host, 'clplcnsc --community && mkdir -p /srv/pub')
  await lab(['start', host.name, 'samba', '--conf', '-'], { stdin: share })
  const units = join(root, 'templates/systemd')
  await runWords(host, 'mkdir -p /etc/systemd/system')
  for (const name of readdirSync(units).filter((each) => each.endsWith('.service'))) {
    const unit = readFileSync(join(units, name), 'utf8')
    const text = unit.replaceAll('/usr/lib/clp-fsmon/templates', join(root, 'templates'))
    await host.exec('tee', [`/etc/systemd/system/${name}`], { stdin: text })
  }

  // What starts it is in systemd-manager.ts; here no service manager runs.
  const offline = { SYSTEMD_OFFLINE: '1' }
  await runWords(host, putIn(settings, { 'enable --now': 'enable' }), offline)
  const wanted = '/etc/systemd/system/multi-user.target.wants/clp-sambamon@sambawatch.service'
  await runWords(host, `test -L ${wanted}`)
  const verify = async () => {
    const words = 'systemd-analyze verify --man=no clp-sambamon@sambawatch.service'
    return (await runWords(host, words)).stderr
  }
  for (const dropIn of [failed, comesBack]) {
    await runWords(host, dropIn, offline)
    t.equal(await verify(), '', dropIn)
  }
  const directory = '/etc/systemd/system/clp-sambamon@.service.d'
  t.equal((await runWords(host, `ls ${directory}`)).stdout, 'failed.conf\nkeepalived.conf\n')
  await runWords(host, `printf '[Service]\\nRestrat=always\\n' >${directory}/wrong.conf`)
  t.match(await verify(), /Restrat/, 'which would tell of what it does not know')

  const words = `set -a; . /etc/clp-fsmon/sambawatch.env; exec ${units}/run.sh samba sambawatch`
  const monitor = host.spawn('env', ['-u', 'NODE_OPTIONS', 'sh', '-c', words])
  await monitor.said(/ 2 INFO .*\[pub\]/)
  await runWords(host, 'clp_sambamon sambawatch -stop')
  t.match(await monitor.finished, { status: 0 })
})

t.test('keepalived', options, async (t) => {
  const [template = ''] = pageSection(t, 'clusters.md', 'keepalived', 2)
  const host = await Host.create({ name: 'vrrp' })
  t.teardown(() => host.down())
  await installCommands(host)
  await runWords(host, template)
  const conf = '/etc/keepalived/fsmon/keepalived.conf'
  const check = `keepalived --config-test --log-console --use-file ${conf}`
  const { stdout, stderr } = await runWords(host, check)
  t.notMatch(
    stdout + stderr,
    /script|unknown|invalid/i,
    'it would run the script, and nothing amiss',
  )
  await runWords(host, 'chmod o+w /etc/keepalived/fsmon/check.sh')
  t.match(
    await host.exec('sh', ['-c', `${check} 2>&1`]),
    { stdout: /script.*(unsafe|disabling|insecure)/i },
    'which anybody can write to it would not',
  )
})

/** What of a plugin's line is the same from one run to the next: of its figures, the first. */
function form(output: string, count: number) {
  const { service, level, text, figures } = parseNagiosOutput(output)
  return {
    service,
    level,
    text: text.trimEnd().replace(/\d+\.\d+ s$/, 'n s'),
    figures: figures
      .slice(0, count)
      .map(({ label, unit, warning, critical, min, max }) =>
        [label, unit, warning, critical, min, max].join(),
      ),
  }
}

t.test('Nagios and Icinga', options, async (t) => {
  const [forNagios = '', forIcinga = '', sample = ''] = pageSection(
    t,
    'clusters.md',
    'Nagios and Icinga',
    3,
  )
  const [server, engine] = await Promise.all([
    Host.create({ name: 'served' }),
    Host.create({ name: 'engine' }),
  ])
  t.teardown(() => Promise.all([server.down(), engine.down()]))
  await installCommands(engine)
  await runWords(server, 'mkdir -p /srv/pub')
  await lab(['start', server.name, 'samba', '--conf', '-'], { stdin: share })
  const write = (path: string, stdin: string) => engine.exec('tee', [path], { stdin })
  const shown = sample.replace(' …', '').replaceAll('192.0.2.10', server.address)
  const count = parseNagiosOutput(shown).figures.length
  t.equal(count, 3, 'figures that the page shows')

  await t.test('Nagios runs its command, and keeps what the page shows', async (t) => {
    await runWords(engine, 'mkdir -p /run/nagios/results && chown -R nagios /run/nagios')
    await write('/run/nagios/nagios.cfg', nagiosSettings)
    await write(
      '/run/nagios/objects.cfg',
      `${nobody}${forNagios}
define host {
  host_name served
  address ${server.address}
  contacts nobody
  max_check_attempts 1
  check_period always
}
define service {
  service_description pub
  host_name served
  check_command check_samba!pub
  contacts nobody
  max_check_attempts 1
  check_interval 1
  retry_interval 1
  check_period always
}
`,
    )
    await runWords(engine, 'nagios4 -v /run/nagios/nagios.cfg')
    engine.spawn('env', ['-u', 'NODE_OPTIONS', 'nagios4', '/run/nagios/nagios.cfg'])
    let output = ''
    await eventually('the engine finds it well', async () => {
      const { stdout } = await engine.exec('cat', ['/run/nagios/status.dat'])
      const block = /^servicestatus \{[^}]*\}/m.exec(stdout)?.[0] ?? ''
      const value = (name: string) => new RegExp(`^\\t${name}=(.*)$`, 'm').exec(block)?.[1] ?? ''
      output = `${value('plugin_output')} | ${value('performance_data')}\n`
      return value('has_been_checked') === '1' && value('current_state') === '0'
    })
    t.strictSame(form(output, count), form(shown, count))
  })

  await t.test('Icinga accepts its objects, and keeps what the page shows', async (t) => {
    await runWords(engine, 'mkdir -p /run/icinga2')
    await write(
      '/etc/page.conf',
      `include <itl>
object CheckerComponent "checker" { }
object PerfdataWriter "perfdata" {
  service_perfdata_path = "/run/icinga2/perfdata"
  service_temp_path = "/run/icinga2/perfdata.tmp"
  service_format_template = "$service.state$: $service.output$| $service.perfdata$"
  rotation_interval = 1s
}
object Host "served" {
  address = "${server.address}"
  check_command = "dummy"
  vars.clp_samba = true
}
template Service "often" default {
  check_interval = 2s
  retry_interval = 2s
}
${forIcinga}`,
    )
    const icinga = ['-u', 'NODE_OPTIONS', 'ICINGA2_USER=root', 'ICINGA2_GROUP=root']
    const daemon = [...icinga, 'icinga2', 'daemon', '-c', '/etc/page.conf']
    const verified = await engine.exec('env', [...daemon, '-C'])
    t.match(verified, { status: 0, stdout: /Instantiated 1 Service/ }, verified.stdout)
    engine.spawn('env', daemon)
    let output = ''
    await eventually('the engine finds it well', async () => {
      const { stdout } = await engine.exec('sh', ['-c', 'cat /run/icinga2/perfdata.*'])
      output = `${/^OK: (.*)$/m.exec(stdout)?.[1] ?? ''}\n`
      return output !== '\n'
    })
    t.strictSame(form(output, count), form(shown, count))
  })
})
