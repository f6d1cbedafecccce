import { join } from 'node:path'
import t from 'tap'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { nagiosSettings, nobody } from '../helpers/lab/nagios-settings.ts'
import { parseNagiosOutput } from '../helpers/nagios-output.ts'

t.setTimeout(300_000)
const options = { skip: skipOutsideLab() }
const bin = join(import.meta.dirname, '../../bin')

t.test('a Nagios engine runs the plugin and keeps what it says', options, async (t) => {
  const [server, engine] = await Promise.all([
    Host.create({ name: 'served' }),
    Host.create({ name: 'nagios' }),
  ])
  t.teardown(() => Promise.all([server.down(), engine.down()]))
  const [samba] = await Promise.all([server.samba(), server.ganesha()])
  const plugin = `/usr/bin/env -u NODE_OPTIONS PATH=${process.env.PATH ?? ''} ${bin}`
  const check = '--check --nagios -a $HOSTADDRESS$ -r 2 --warning 20 --critical 30'
  const services = { samba: 'clp_sambamon', nfs: 'clp_nfsmon' }
  await engine.exec('mkdir', ['-p', '/run/nagios/results'])
  await engine.exec('chown', ['-R', 'nagios', '/run/nagios'])
  const objects = `${nobody}define command {
  command_name samba
  command_line ${plugin}/clp_sambamon ${check} -s guest
}
define command {
  command_name nfs
  command_line ${plugin}/clp_nfsmon ${check} -d /srv/nfs/data
}
define host {
  host_name served
  contacts nobody
  address ${server.address}
  max_check_attempts 1
  check_period always
}
${Object.keys(services)
  .map(
    (name) => `define service {
  service_description ${name}
  host_name served
  check_command ${name}
  max_check_attempts 1
  contacts nobody
  check_interval 1
  retry_interval 1
  check_period always
}`,
  )
  .join('\n')}
`
  await engine.exec('tee', ['/run/nagios/objects.cfg'], { stdin: objects })
  await engine.exec('tee', ['/run/nagios/nagios.cfg'], { stdin: nagiosSettings })
  const verified = await engine.exec('nagios4', ['-v', '/run/nagios/nagios.cfg'])
  t.equal(verified.status, 0, verified.stdout)
  engine.spawn('nagios4', ['/run/nagios/nagios.cfg'])

  const states = async () => {
    const { stdout } = await engine.exec('cat', ['/run/nagios/status.dat'])
    const found = new Map<string, { state: string; output: string }>()
    for (const [block] of stdout.matchAll(/^servicestatus \{[^}]*\}/gm)) {
      const value = (name: string) => new RegExp(`^\\t${name}=(.*)$`, 'm').exec(block)?.[1] ?? ''
      if (value('has_been_checked') !== '1') continue
      const output = `${value('plugin_output')} |${value('performance_data') === '' ? '' : ` ${value('performance_data')}`}\n`
      found.set(value('service_description'), { state: value('current_state'), output })
    }
    return found
  }
  await eventually('both were found well', async () => {
    const found = await states()
    return [...found.values()].filter(({ state }) => state === '0').length === 2
  })
  for (const { output } of (await states()).values()) {
    const { level, figures } = parseNagiosOutput(output)
    t.equal(level, 'OK')
    t.match(figures[0], { label: 'time', unit: 's', warning: '20', critical: '30', max: '2' })
    t.ok(figures.length > 2, 'with a figure for every stage')
  }
  await samba.freeze()
  await eventually(
    'the silent one is critical',
    async () => (await states()).get('samba')?.state === '2',
  )
  t.equal((await states()).get('nfs')?.state, '0')
  t.match((await states()).get('samba')?.output, /^SAMBA CRITICAL - guest at .*no answer in time/)
})
