import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'

const templates = join(import.meta.dirname, '../templates')
const shells = [['dash'], ['bash', '--posix'], ['busybox', 'sh']].filter(
  ([shell = '']) => spawnSync(shell, ['--help']).error === undefined,
)

const acting = { CLP_EVENT: 'FAILOVER', CLP_DISK: 'SUCCESS', CLP_SERVER: 'OTHER' }
const [firstShell = ['sh']] = shells

/** A script, what it says that it does, and what it then runs. */
const scripts = [
  ['samba/start.sh', 'SAMBA start', 'systemctl start smb.service'],
  ['samba/stop.sh', 'SAMBA stop', 'systemctl stop smb.service'],
  ['nfs/start.sh', 'NFS start', 'systemctl start nfs-ganesha.service'],
  ['nfs/stop.sh', 'NFS stop', 'systemctl stop nfs-ganesha.service'],
  ['samba-mon/start.sh', 'clp_sambamon start', 'clp_sambamon sambawatch -s XXXX'],
  ['samba-mon/stop.sh', 'clp_sambamon stop', 'clp_sambamon sambawatch -stop'],
  ['nfs-mon/start.sh', 'clp_nfsmon start', 'clp_nfsmon nfswatch -d XXXX'],
  ['nfs-mon/stop.sh', 'clp_nfsmon stop', 'clp_nfsmon nfswatch -stop'],
] as const

/** The manual's way through the words, `*` where the script acts. */
const ways: [event: string, disk: string, server: string, way: string][] = [
  ['START', 'SUCCESS', 'HOME', 'NORMAL1 NORMAL2 * EXIT'],
  ['START', 'SUCCESS', 'OTHER', 'NORMAL1 ON_OTHER1 * EXIT'],
  ['START', 'SUCCESS', '', 'NORMAL1 ON_OTHER1 * EXIT'],
  ['FAILOVER', 'SUCCESS', 'HOME', 'FAILOVER1 FAILOVER2 * EXIT'],
  ['FAILOVER', 'SUCCESS', 'OTHER', 'FAILOVER1 ON_OTHER2 * EXIT'],
  ['FAILOVER', 'SUCCESS', '', 'FAILOVER1 ON_OTHER2 * EXIT'],
  ...['HOME', 'OTHER', ''].flatMap((server): typeof ways =>
    ['FAILURE', ''].flatMap((disk): typeof ways => [
      ['START', disk, server, 'ERROR_DISK_from_START EXIT'],
      ['FAILOVER', disk, server, 'ERROR_DISK_from_FAILOVER EXIT'],
    ]),
  ),
  ...['HOME', 'OTHER', ''].flatMap((server): typeof ways =>
    ['SUCCESS', 'FAILURE', ''].map((disk) => ['', disk, server, 'NO_CLP EXIT']),
  ),
  ...['RECOVER', 'start', '-n', '!', '('].map((event): (typeof ways)[number] => [
    event,
    'SUCCESS',
    'HOME',
    'NO_CLP EXIT',
  ]),
]

type Stubs = Record<string, string>

/** Commands that write down how they were called, and then do what they are told. */
function stubsIn(directory: string, stubs: Stubs): void {
  for (const [name, body] of Object.entries(stubs)) {
    const log = join(directory, 'called')
    const line = `printf '%s' "${name}" >>'${log}'; printf ' %s' "$@" >>'${log}'; echo >>'${log}'`
    writeFileSync(join(directory, name), `#!/bin/sh\n${line}\n${body}\n`)
    chmodSync(join(directory, name), 0o755)
  }
}

/** A copy of a template with other settings, as a person makes one. */
function filledIn(path: string, settings: Record<string, string>): string {
  let text = readFileSync(join(templates, path), 'utf8')
  for (const [name, value] of Object.entries(settings)) {
    const line = new RegExp(`^${name}=.*$`, 'm')
    if (!line.test(text)) throw new Error(`${path} has no setting ${name}`)
    text = text.replace(line, () => `${name}='${value}'`)
  }
  return text
}

type Ran = { status: number; said: string; err: string; called: string[] }

/** Runs a filled-in template in nothing but the given environments, all in one go. */
function runAll(
  directory: string,
  shell: readonly string[],
  path: string,
  environments: readonly Record<string, string>[],
  { stubs = {}, settings = {} }: { stubs?: Stubs; settings?: Record<string, string> },
): Ran[] {
  const stubDirectory = join(directory, 'stubs')
  mkdirSync(stubDirectory, { recursive: true })
  stubsIn(stubDirectory, stubs)
  const script = join(directory, 'script.sh')
  writeFileSync(script, filledIn(path, settings))
  const log = join(stubDirectory, 'called')
  const steps = environments.flatMap((env) => {
    const assigned = Object.entries({ PATH: stubDirectory, ...env }).map(([k, v]) => `'${k}=${v}'`)
    return [
      `: >'${log}'`,
      `env -i ${assigned.join(' ')} $shell '${script}' >out 2>err`,
      String.raw`printf '%s\0%s\0%s\0%s\0' "$?" "$(cat out; echo .)" "$(cat err)" "$(cat '${log}')"`,
    ]
  })
  const [name = '', ...flags] = shell
  const driver = [`shell="$(command -v ${name}) ${flags.join(' ')}"`, ...steps].join('\n')
  const { stdout } = spawnSync('/bin/sh', { input: driver, cwd: directory, encoding: 'utf8' })
  const fields = stdout.split('\0')
  return environments.map((_, at) => {
    const [status = '', said = '', err = '', called = ''] = fields.slice(4 * at, 4 * at + 4)
    return {
      status: Number(status),
      said: said.slice(0, -1),
      err,
      called: called === '' ? [] : called.split('\n'),
    }
  })
}

function run(
  t: Test,
  path: string,
  options: { stubs?: Stubs; settings?: Record<string, string> },
): Ran {
  const [ran] = runAll(t.testdir(), firstShell, path, [acting], options)
  if (ran === undefined) throw new Error('it did not run')
  return ran
}

t.test('there are shells to try', async (t) => {
  t.ok(shells.length > 0)
})

const doingNothing = { systemctl: '', clp_sambamon: '', clp_nfsmon: '' }

for (const shell of shells) {
  t.test(`every way through the templates in ${shell.join(' ')}`, async (t) => {
    for (const [path, label, command] of scripts) {
      const settings: Record<string, string> = path.includes('mon') ? {} : { INIT: 'systemd' }
      const environments = ways.map(([event, disk, server]) => ({
        CLP_EVENT: event,
        CLP_DISK: disk,
        CLP_SERVER: server,
      }))
      const stubs = doingNothing
      const results = runAll(t.testdir(), shell, path, environments, { stubs, settings })
      for (const [at, [, , , way]] of ways.entries()) {
        const words = way.split(' ').map((word) => (word === '*' ? label : word))
        const expected = {
          status: 0,
          said: `${words.join('\n').replaceAll('_from_', ' from ')}\n`,
          err: '',
        }
        const name = `${path} ${JSON.stringify(environments[at])}`
        t.match(results[at], expected, name)
        t.equal(results[at]?.called.at(-1) ?? '', way.includes('*') ? command : '', name)
      }
    }
  })

  t.test(`the exit status is that of what was run, in ${shell.join(' ')}`, async (t) => {
    for (const [path] of scripts) {
      const settings: Record<string, string> = path.includes('mon') ? {} : { INIT: 'systemd' }
      for (const status of [1, 5, 137]) {
        const stubs = {
          systemctl: `[ "$1" = cat ] || exit ${status}`,
          clp_sambamon: `exit ${status}`,
          clp_nfsmon: `exit ${status}`,
        }
        const [ran] = runAll(t.testdir(), shell, path, [acting], { stubs, settings })
        t.match(ran, { status, said: /\nEXIT\n$/ }, path)
      }
    }
  })
}

t.test('nothing in the environment at all is no cluster', async (t) => {
  for (const [path] of scripts) {
    const script = join(templates, path)
    const { status, stdout } = spawnSync('env', ['-i', '/bin/sh', script], { encoding: 'utf8' })
    t.strictSame([status, stdout], [0, 'NO_CLP\nEXIT\n'], path)
  }
})

const systemdNames: [path: string, known: string[], chosen: string][] = [
  ['samba/start.sh', ['smb'], 'smb'],
  ['samba/start.sh', ['smbd', 'samba'], 'smbd'],
  ['nfs/start.sh', ['nfs-server', 'nfs-kernel-server'], 'nfs-server'],
  ['nfs/start.sh', ['nfs-kernel-server'], 'nfs-kernel-server'],
  ['nfs/stop.sh', ['nfs-server', 'nfs-ganesha'], 'nfs-ganesha'],
]

for (const [path, known, chosen] of systemdNames) {
  t.test(`with systemd, ${path} finds ${chosen} among ${known.join(', ')}`, async (t) => {
    const systemctl = `case " ${known.map((name) => `${name}.service`).join(' ')} " in
      *" $2 "*) exit 0 ;; *) exit 1 ;; esac`
    const ran = run(t, path, {
      stubs: { systemctl },
      settings: { INIT: 'systemd' },
    })
    t.equal(ran.called.at(-1)?.split(' ').at(-1), `${chosen}.service`)
    t.equal(ran.status, 0)
  })
}

t.test('without systemd the service scripts are used', async (t) => {
  for (const [path, name, verb] of [
    ['samba/start.sh', 'smb', 'start'],
    ['samba/stop.sh', 'smbd', 'stop'],
    ['nfs/start.sh', 'nfs', 'start'],
    ['nfs/stop.sh', 'nfs-kernel-server', 'stop'],
  ] as const) {
    const directory = t.testdir({ 'init.d': { [name]: '#!/bin/sh\nexit 7\n' } })
    chmodSync(join(directory, 'init.d', name), 0o755)
    const settings = { INIT: 'sysv', INIT_D: join(directory, 'init.d') }
    const stubs = { service: 'exit 6' }
    const [ran] = runAll(directory, firstShell, path, [acting], { stubs, settings })
    t.match(ran, { status: 6, called: [`service ${name} ${verb}`] }, path)
  }
})

t.test('a service that is not there is said, and is a failure', async (t) => {
  for (const path of ['samba/start.sh', 'nfs/stop.sh']) {
    for (const INIT of ['systemd', 'sysv']) {
      const ran = run(t, path, {
        stubs: { systemctl: 'exit 1', service: '' },
        settings: { INIT, INIT_D: '/nowhere' },
      })
      t.equal(ran.status, 5, path)
      t.match(ran.err, /No (Samba|NFS) service was found here/)
      t.match(ran.said, /\nEXIT\n$/)
    }
  }
})

t.test('a service may be named', async (t) => {
  const ran = run(t, 'samba/start.sh', {
    stubs: { systemctl: '' },
    settings: { INIT: 'systemd', SERVICE: 'smb-of-group1' },
  })
  t.strictSame(ran.called, ['systemctl start smb-of-group1.service'])
})

t.test('settings of the monitors become their options', async (t) => {
  const samba = run(t, 'samba-mon/start.sh', {
    stubs: { clp_sambamon: '' },
    settings: {
      MONITOR_ID: 'w1',
      SHARE: 'a share',
      ADDRESS: '192.0.2.1',
      CREDENTIALS: '/etc/x',
      INTERVAL: '1',
      RETRIES: '2',
      WAIT: '3',
    },
  })
  t.strictSame(samba.called, [
    'clp_sambamon w1 -s a share -a 192.0.2.1 --credentials /etc/x -i 1 -c 2 -r 3',
  ])
  const nfs = run(t, 'nfs-mon/start.sh', {
    stubs: { clp_nfsmon: '' },
    settings: {
      DIRECTORY: '/a b',
      ADDRESS: 'x',
      PORT: '2050',
      INTERVAL: '1',
      RETRIES: '2',
      WAIT: '3',
    },
  })
  t.strictSame(nfs.called, ['clp_nfsmon nfswatch -d /a b -a x -n 2050 -i 1 -c 2 -r 3'])
  const stop = run(t, 'nfs-mon/stop.sh', {
    stubs: { clp_nfsmon: '' },
    settings: { MONITOR_ID: 'w2', STOP_WAIT: '5' },
  })
  t.strictSame(stop.called, ['clp_nfsmon w2 -stop 5'])
})
