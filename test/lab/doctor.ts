import { join } from 'node:path'
import t, { type Test } from 'tap'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }
const bin = join(import.meta.dirname, '../../bin')
const searched = `${bin}:${process.env.PATH ?? ''}:/usr/sbin:/sbin`

type Finding = { grade: string; what: string; text: string; remedy?: string; command?: string }
type Step = { step: string; grade: string; findings: Finding[]; mended: { what: string }[] }
type Report = { grade: string; exitStatus: number; steps: Step[] }

const list = (share: string, address: string) =>
  `[[watch]]\nid = "one"\nkind = "samba"\nshare = "${share}"\naddress = "${address}"\nwait = 5\n` +
  'credentials = "/etc/clp-fsmon/one.cred"\n'

/** A host whose server is watched, and what its doctor says. */
async function patient(t: Test) {
  const host = await Host.create({ name: 'patient' })
  t.teardown(() => host.down())
  const sh = async (script: string): Promise<string> => {
    const path = `PATH=${searched}`
    const ended = await host.exec('env', ['-u', 'NODE_OPTIONS', path, 'sh', '-c', script])
    if (ended.status !== 0) throw new Error(`${script}: ${ended.status} ${ended.stderr}`)
    return ended.stdout
  }
  const look = async (words = ''): Promise<Report> =>
    JSON.parse(await sh(`clp_fsmon doctor --json ${words} || test $? = 1`)) as Report
  const step = async (name: string, words = ''): Promise<Step> => {
    const found = (await look(words)).steps.find((one) => one.step === name)
    if (found === undefined) throw new Error(`no step ${name}`)
    return found
  }
  const write = async (file: string, text: string): Promise<void> => {
    const { status, stderr } = await host.exec('sh', ['-c', `cat >${file}`], { stdin: text })
    if (status !== 0) throw new Error(stderr)
  }
  const samba = await host.samba()
  await sh(
    'install -d -m 755 /etc/clp-fsmon /var/log/clp-fsmon && install -d -m 700 /run/clp-fsmon',
  )
  await sh('clplcnsc --community && rm -f /etc/logrotate.d/clusterpro-fsmon')
  await sh('install -d /etc/logrotate.d && clp_fsmon doctor --fix >/dev/null || test $? = 1')
  await write('/etc/clp-fsmon/one.cred', 'username = guest\n')
  await sh('chmod 600 /etc/clp-fsmon/one.cred')
  await write('/etc/clp-fsmon/watches.toml', list('guest', host.address))
  return { host, sh, look, step, write, samba }
}

t.test(
  'each precondition that is broken is named, with the remedy that works',
  options,
  async (t) => {
    const { host, sh, look, step, write, samba } = await patient(t)

    const well = await look()
    const places = ['root', 'directories', 'license', 'configuration', 'credentials', 'names']
    for (const name of [...places, 'admission', 'servers', 'leftovers', 'node']) {
      const found = well.steps.find((one) => one.step === name)
      t.equal(found?.grade, 'ok', `${name}: ${JSON.stringify(found?.findings)}`)
    }

    /** Breaks something, and puts it right with the command that the remedy names. */
    const cases: [what: string, name: string, script: string, gradeAfter?: string][] = [
      ['mode', 'directories', 'chmod 755 /run/clp-fsmon'],
      ['owner', 'directories', 'chown 1 /run/clp-fsmon'],
      ['missing', 'directories', 'rm -r /var/log/clp-fsmon'],
      // What was in the way is moved; that the place is empty then is no failure.
      [
        'notADirectory',
        'directories',
        'mv /run/clp-fsmon /run/away && ln -s /run/away /run/clp-fsmon',
        'warning',
      ],
      ['none', 'license', 'rm /var/lib/clp-fsmon/license.json'],
      ['unreadable', 'license', 'echo x >/var/lib/clp-fsmon/license.json'],
      ['mode', 'credentials', 'chmod 644 /etc/clp-fsmon/one.cred'],
      ['owner', 'credentials', 'chown 1 /etc/clp-fsmon/one.cred'],
      ['notConfigured', 'logrotate', 'rm /etc/logrotate.d/clusterpro-fsmon'],
      [
        'record',
        'leftovers',
        'clp_sambamon gone -s guest </dev/null >/dev/null 2>&1 & until clp_sambamon gone -disp; do sleep 0.1; done >/dev/null 2>&1; kill -9 $!',
      ],
      ['damaged', 'leftovers', 'echo x >/run/clp-fsmon/bad.json'],
    ]
    for (const [what, name, script, after = 'ok'] of cases) {
      await t.test(`${name}: ${what}`, async (t) => {
        await sh(script)
        const { findings } = await step(name)
        const found = findings.find((one) => one.what === what)
        t.ok(found?.remedy, JSON.stringify(findings))
        await sh(`${found?.command ?? 'false'} || test $? = 1`)
        const mended = await step(name)
        if (after === 'ok' && name === 'logrotate') {
          t.notOk(mended.findings.some((one) => one.what === what))
        } else t.equal(mended.grade, after, JSON.stringify(mended.findings))
        await sh('rm -rf /run/clp-fsmon.moved /run/away; install -d -m 700 /run/clp-fsmon')
      })
    }

    for (const [what, options, fill] of [
      ['spent', 'size=200k', 'head -c 400k /dev/zero >/run/clp-fsmon/x || true'],
      ['noFiles', 'size=20m,nr_inodes=2', 'touch /run/clp-fsmon/x'],
      ['readOnly', 'size=20m,ro', ':'],
    ] as const) {
      await t.test(`a disk on which nothing can be written: ${what}`, async (t) => {
        await sh(`mount -t tmpfs -o mode=700,${options} tmpfs /run/clp-fsmon; ${fill}`)
        const { findings } = await step('directories')
        const found = findings.find((one) => one.what === what)
        t.match(found, { grade: 'failure', text: '/run/clp-fsmon' })
        await sh(found?.command ?? 'false')
        const start = 'timeout 20 clp_sambamon full -s guest </dev/null'
        t.notMatch(
          await sh(`${start} >/dev/null 2>&1; echo $?`),
          /^(0|124)\n/,
          'nor does one start',
        )
        await sh('umount /run/clp-fsmon')
        t.equal((await step('directories')).grade, 'ok')
      })
    }

    await t.test('what is only read may be read-only', async (t) => {
      const mount = 'mount --bind /etc/clp-fsmon /etc/clp-fsmon'
      await sh(`${mount} && mount -o remount,bind,ro /etc/clp-fsmon`)
      t.equal((await step('directories')).grade, 'ok')
      await sh('umount /etc/clp-fsmon')
    })

    await t.test('a server that does not answer, and one without the share', async (t) => {
      await samba.stop()
      t.match((await step('servers')).findings, [
        { grade: 'failure', what: 'fails', text: /connect error\[111\]/, remedy: /./ },
      ])
      await samba.start()
      await eventually('it answers again', async () => (await step('servers')).grade === 'ok')
      await write('/etc/clp-fsmon/watches.toml', list('nosuch', host.address))
      const { steps, exitStatus } = await look()
      t.equal(exitStatus, 1)
      const of = (name: string) => steps.find((one) => one.step === name)?.findings
      t.match(of('admission'), [{ grade: 'warning', what: 'noShare', text: /\[nosuch\]/ }])
      t.match(of('servers'), [{ what: 'fails', text: /tree connect error\[67\]/ }])
    })

    await t.test('what cluster managers need of us, and is not there or another', async (t) => {
      const agent = '/usr/lib/ocf/resource.d/clp/fsmon'
      const check = '/etc/keepalived/fsmon/check.sh'
      // The machine's own is not to be written to.
      await sh('mount -t tmpfs tmpfs /usr/lib/ocf/resource.d && mkdir -p /etc/keepalived')
      const conf = `vrrp_script a {\n  script "${check}"\n}\n`
      await write('/etc/keepalived/keepalived.conf', conf)
      for (const [what, script] of [
        ['pacemakerMissing', ':'],
        ['pacemakerDiffers', `echo >>${agent}`],
        ['notExecutable', `chmod 0644 ${agent}`],
        ['keepalivedMissing', ':'],
      ] as const) {
        await sh(script)
        const { findings } = await step('cluster')
        const found = findings.find((one) => one.what === what)
        t.ok(found, `${what}: ${JSON.stringify(findings)}`)
        await sh(found?.command ?? 'false')
        t.notOk(
          (await step('cluster')).findings.some((one) => one.what === what),
          what,
        )
      }
      t.match(
        await sh(`grep ^MONITOR_ID= ${check}`),
        "'one'",
        'it asks for the monitor that there is',
      )
      await sh('umount /usr/lib/ocf/resource.d')
    })

    await t.test('a share that stands elsewhere than in smb.conf is no failure', async (t) => {
      const shares = '/var/lib/samba/usershares'
      await samba.reload({
        global: [
          'usershare max shares = 10',
          'usershare allow guests = yes',
          'usershare owner only = no',
        ],
      })
      await sh(`install -d -m 1770 ${shares}`)
      await sh('net usershare add mine /srv/samba/guest "" S-1-1-0:F guest_ok=y')
      await write('/etc/clp-fsmon/watches.toml', list('mine', host.address))
      await eventually('Samba has it', async () => (await step('servers')).grade === 'ok')
      t.match((await step('admission')).findings, [{ grade: 'warning', what: 'noShare' }])
    })

    await t.test('an export that refuses this host, and one that Ganesha has not', async (t) => {
      const block = 'Squash = no_root_squash; FSAL { Name = MEM; } CLIENT { Clients = 10.9.9.9; } }'
      await host.ganesha({
        protocols: '4',
        exports: [{ path: '/srv/nfs/data', pseudo: '/data', fsal: 'VFS' }],
        extra: `EXPORT { Export_Id = 78; Path = "/srv/nfs/mem"; Pseudo = "/no"; Access_Type = NONE; ${block}`,
      })
      const watch = async (directory: string) => {
        const what = `id = "one"\nkind = "nfs"\ndirectory = "${directory}"\nnfs-version = "4"`
        const where = `address = "${host.address}"\nwait = 5`
        await write('/etc/clp-fsmon/watches.toml', `[[watch]]\n${what}\n${where}\n`)
        const { steps } = await look()
        return (name: string) => steps.find(({ step }) => step === name)?.findings
      }
      const well = await watch('/data')
      t.match(well('admission'), [{ grade: 'ok', what: 'export' }])
      t.match(well('servers'), [{ grade: 'ok', what: 'answers' }])
      const refused = await watch('/no')
      t.match(refused('admission'), [{ what: 'export' }])
      t.match(refused('servers'), [{ grade: 'failure', what: 'fails', remedy: /./ }])
      const absent = await watch('/nosuch')
      t.match(absent('admission'), [{ what: 'noGaneshaExport', text: /\/nosuch/ }])
      t.match(absent('servers'), [{ grade: 'failure', what: 'fails' }])
      await write('/etc/clp-fsmon/watches.toml', list('guest', host.address))
    })

    await t.test('a name that leads nowhere, until it is in /etc/hosts', async (t) => {
      await write('/etc/clp-fsmon/watches.toml', list('guest', 'filer.example'))
      t.match((await step('names')).findings, [{ what: 'notFound', text: /filer\.example/ }])
      t.match((await step('servers')).findings, [{ what: 'noAddress', text: /filer\.example/ }])
      // Nobody is there, and nobody says so.
      await sh(
        'echo nameserver 10.213.255.254 >/run/silent && mount --bind /run/silent /etc/resolv.conf',
      )
      t.match((await step('names')).findings, [{ what: 'silent', text: /filer\.example/ }])
      await sh('umount /etc/resolv.conf')
      await sh(`echo ${host.address} filer.example >>/etc/hosts`)
      t.match((await step('names')).findings, [{ grade: 'ok', what: 'found' }])
      t.equal((await step('servers')).grade, 'ok')
    })

    await t.test('a configuration with an error names file, line and key', async (t) => {
      await write('/etc/clp-fsmon/clp-fsmon.toml', '[defaults]\ninterval = 0\n')
      const { findings } = await step('configuration')
      const found = findings.find(({ what }) => what === 'wrong')
      t.match(found?.text, /clp-fsmon\.toml.*2.*interval/)
      const shown = await host.exec('env', [`PATH=${searched}`, 'sh', '-c', found?.command ?? ''])
      t.equal(shown.status, 2, 'the command of the remedy shows it too')
      await sh('rm /etc/clp-fsmon/clp-fsmon.toml')
      t.equal((await step('configuration')).grade, 'ok')
    })

    await t.test('another user is told to be root', async (t) => {
      const path = `PATH=${searched}`
      const words = ['setpriv', '--reuid', '65534', '--clear-groups', 'clp_fsmon', 'doctor']
      const said = await host.exec('env', ['-u', 'NODE_OPTIONS', path, ...words])
      t.match(said, { status: 1, stdout: /\[FAIL\] Rights[^]*sudo clp_fsmon doctor/ })
      // What it cannot see is not amiss, and root's directories stay root's.
      t.notMatch(said.stdout, /chown|EACCES|Write it again/)
    })
  },
)

t.test('--fix mends what is safe, and changes nothing else', options, async (t) => {
  const { sh, look } = await patient(t)
  await sh(
    'clp_sambamon runs -s guest </dev/null >/dev/null 2>&1 & until clp_sambamon runs -disp; do sleep 0.1; done',
  )
  const seen = async () => {
    const { steps } = await look()
    return steps.find(({ step }) => step === 'servers')?.findings
  }
  await eventually(
    'it watches',
    async () => (await seen())?.some(({ text }) => text.startsWith('runs runs')) === true,
  )
  await sh('echo x >/run/clp-fsmon/bad.json; rm /etc/logrotate.d/clusterpro-fsmon')
  await sh('chmod 755 /run/clp-fsmon; chmod 644 /etc/clp-fsmon/one.cred')
  const snapshot = async () => {
    const script =
      "find /etc /run/clp-fsmon /var/lib /var/log/clp-fsmon -xdev ! -name 'runs.json' ! -name '.*.tmp' -printf '%p %m %u %y\\n' | sort; " +
      'md5sum /etc/clp-fsmon/* /etc/samba/smb.conf /var/lib/clp-fsmon/license.json; clp_sambamon runs -disp | head -1'
    return new Set((await sh(script)).split('\n'))
  }
  const before = await snapshot()
  const { steps, exitStatus } = await look('--fix')
  const after = await snapshot()
  t.equal(exitStatus, 1, 'a login that others can read is left to people')
  t.strictSame(
    steps.flatMap(({ mended }) => mended.map(({ what }) => what)),
    ['mode', 'notConfigured', 'damaged'],
  )
  t.strictSame(
    [...before].filter((line) => !after.has(line)),
    ['/run/clp-fsmon 755 root d', '/run/clp-fsmon/bad.json 644 root f'],
  )
  t.strictSame(
    [...after].filter((line) => !before.has(line)),
    ['/etc/logrotate.d/clusterpro-fsmon 644 root f', '/run/clp-fsmon 700 root d'],
  )
  await sh('clp_sambamon runs -stop')
})
