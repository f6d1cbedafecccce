import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { runCommand, type CommandOptions } from '../helpers/command.ts'
import { eventually } from '../helpers/eventually.ts'
import { watchedSmb, type WatchedSmb } from '../helpers/smb-watch.ts'

t.setTimeout(120_000)

const needsRoot = process.getuid?.() === 0 ? false : 'needs root, to be somebody else'
const nobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups']

/** `0700 directory run/clp-fsmon` for all that is below a root. */
function modesBelow(root: string): string[] {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).toSorted()
  return names.map((name) => {
    const about = lstatSync(join(root, name))
    const kind = about.isDirectory() ? 'directory' : about.isSocket() ? 'socket' : 'file'
    return `${(about.mode & 0o7777).toString(8).padStart(4, '0')} ${kind} ${name}`
  })
}

/** A root of state of its own, whose directories the commands make themselves. */
async function emptyRoot(t: Test, smb: WatchedSmb, umask: string) {
  const root = join(smb.env.CLP_FSMON_ROOT, `umask${umask}`)
  mkdirSync(root)
  const via = ['sh', '-c', `umask ${umask}; exec "$@"`, 'sh']
  const options: CommandOptions = { env: { CLP_FSMON_ROOT: root }, via }
  t.match(await runCommand(t, 'clplcnsc', ['--community'], options), { status: 0 })
  return { root, options }
}

for (const umask of ['000', '022', '077']) {
  t.test(`with the umask ${umask} all that a monitor makes is its owner’s alone`, async (t) => {
    const smb = await watchedSmb(t)
    const { root, options } = await emptyRoot(t, smb, umask)
    const monitor = smb.start('x', ['-i', '1'], options)
    await monitor.said(/ 2 INFO /)
    await eventually('it has written what it knows', () =>
      existsSync(join(root, 'var/log/clp-fsmon/alert.log')),
    )
    const modes = modesBelow(root).filter((line) => line.includes('clp-fsmon'))
    for (const line of modes) t.match(line, /^0[0-7]00 /, `${line}: nothing for group and others`)
    t.match(modes.join('\n'), /^0600 file run\/clp-fsmon\/x\.json$/m)
    t.match(modes.join('\n'), /^0600 socket run\/clp-fsmon\/x\.sock$/m)
    monitor.child.kill('SIGTERM')
    t.match(await monitor.ended, { status: 0 })
  })
}

t.test('another user neither reads nor controls', { skip: needsRoot }, async (t) => {
  const smb = await watchedSmb(t)
  const root = smb.env.CLP_FSMON_ROOT
  const { env } = smb
  const monitor = smb.start('x', ['-i', '1'])
  await monitor.said(/ 2 INFO /)
  const as = (...words: string[]) => spawnSync(nobody[0] ?? '', [...nobody.slice(1), ...words])
  t.equal(as('test', '-r', '/etc/hostname').status, 0, 'who could read otherwise')
  for (const file of [
    'run/clp-fsmon/x.json',
    'var/log/clp-fsmon/alert.log',
    'var/lib/clp-fsmon/license.json',
  ]) {
    t.equal(existsSync(join(root, file)), true, file)
    t.not(as('cat', join(root, file)).status, 0, `${file} is not read`)
  }
  for (const directory of ['run/clp-fsmon', 'var/log/clp-fsmon', 'var/lib/clp-fsmon']) {
    t.not(as('ls', join(root, directory)).status, 0, `${directory} is not listed`)
    t.not(as('touch', join(root, directory, 'planted')).status, 0, `${directory} is not written`)
  }
  for (const word of ['-stop', '-pause', '-continue', '-disp', '-del']) {
    const told = await runCommand(t, 'clp_sambamon', ['x', word], { env, via: nobody })
    t.not(told.status, 0, word)
    t.notMatch(told.out, 'watching')
  }
  // Even where the directories in between were opened.
  chmodSync(join(root, 'run/clp-fsmon'), 0o711)
  const knock = `require('net').connect(process.argv[1]).on('connect', () => process.exit(0)).on('error', (e) => process.exit(e.code === 'EACCES' ? 7 : 8))`
  // By its directory, for the path may be longer than a socket's can be.
  const there = spawnSync(
    nobody[0] ?? '',
    [...nobody.slice(1), process.execPath, '-e', knock, 'x.sock'],
    {
      cwd: join(root, 'run/clp-fsmon'),
      env: { PATH: process.env.PATH },
    },
  )
  t.equal(there.status, 7, 'the socket itself refuses')
  monitor.child.kill('SIGTERM')
  t.match(await monitor.ended, { status: 0 }, 'nothing of it ended the watch')
})

t.test(
  'a check by another user goes on with what the file says, or not at all',
  { skip: needsRoot },
  async (t) => {
    const smb = await watchedSmb(t)
    const { env, argv } = smb
    const etc = join(env.CLP_FSMON_ROOT, 'etc/clp-fsmon')
    mkdirSync(etc, { recursive: true })
    const file = join(etc, 'clp-fsmon.toml')
    // With this default the check fails; without it the same server would count as well.
    writeFileSync(file, '[defaults.samba]\nencrypt = true\n')
    const check = async (...more: string[]) =>
      runCommand(t, 'clp_sambamon', ['--check', ...argv, ...more], { env, via: nobody })
    chmodSync(file, 0o600)
    const refused = await check()
    t.match(refused, { status: 2, err: /clp-fsmon\.toml: .*EACCES.*sudo.*chmod 644 / })
    const unknown = await check('--nagios')
    t.match(unknown, { status: 3, out: /^SAMBA UNKNOWN - .*cannot be read by this user.*\n$/ })
    t.equal(smb.checks(), 0)
    chmodSync(file, 0o644)
    t.match(await check(), { status: 1 })
    t.match(await check('--nagios'), { status: 2, out: /^SAMBA CRITICAL/ })
    chmodSync(etc, 0o700)
    t.match(await check(), { status: 2, err: /EACCES/ }, 'whether there is a file is not known')
    chmodSync(etc, 0o755)
    writeFileSync(file, '')
    t.match(await check(), { status: 0 })
  },
)

const logins: Record<string, { mode: number; owner?: string }> = {
  'readable by its group': { mode: 0o640 },
  'readable by all': { mode: 0o604 },
  'writable by its group': { mode: 0o620 },
  'writable by all': { mode: 0o602 },
  'of somebody else': { mode: 0o600, owner: '65534' },
}

t.test(
  'a credentials file that others could read or change is refused',
  { skip: needsRoot },
  async (t) => {
    const smb = await watchedSmb(t)
    for (const [what, { mode, owner }] of Object.entries(logins)) {
      const file = join(smb.env.CLP_FSMON_ROOT, 'login')
      writeFileSync(file, 'username = labuser\npassword = Pa55-Wort\n')
      chmodSync(file, mode)
      execFileSync('chown', [owner ?? '0', file])
      const { status, err } = await smb.start('x', ['--credentials', file]).ended
      t.equal(status, 2, what)
      t.match(err, / 11 ERROR /, what)
      t.notMatch(err, 'Pa55', `${what}, and not told`)
    }
    t.equal(smb.checks(), 0)
  },
)

t.test('links that were planted are not followed', async (t) => {
  const smb = await watchedSmb(t)
  const root = smb.env.CLP_FSMON_ROOT
  const precious = join(root, 'precious')
  writeFileSync(precious, 'precious')
  const target = `${precious}.made`
  const run = join(root, 'run/clp-fsmon')
  const log = join(root, 'var/log/clp-fsmon')
  for (const directory of [run, log]) mkdirSync(directory, { recursive: true, mode: 0o700 })
  for (const [name, to] of [
    [join(run, 'x.json'), precious],
    [join(run, 'x.sock'), precious],
    [join(run, '.x.lock'), precious],
    [join(log, 'alert.log'), precious],
    [join(run, 'y.json'), target],
    [join(run, 'y.sock'), target],
  ] as const) {
    symlinkSync(to, name)
  }
  // Its temporary file has the number of a process that is not there yet: one for every number near by.
  const plant = (pid: number) => symlinkSync(precious, join(run, `.x.${pid}.tmp`))
  for (let pid = process.pid; pid < process.pid + 500; pid += 1) plant(pid)
  const monitors = ['x', 'y'].map((id) => smb.start(id, ['-i', '1']))
  for (const monitor of monitors) {
    await monitor.said(/ 2 INFO /)
    await monitor.said(/alerts by way of log: .*ELOOP/)
  }
  for (const [at, id] of ['x', 'y'].entries()) {
    t.ok(lstatSync(join(run, `${id}.json`)).isFile(), `${id}: the record is a file of its own`)
    t.ok(lstatSync(join(run, `${id}.sock`)).isSocket(), `${id}: and the socket one of its own`)
    t.match(await runCommand(t, 'clp_sambamon', [id, '-stop'], { env: smb.env }), { status: 0 })
    t.match(await monitors[at]?.ended, { status: 0 })
  }
  const store = join(root, 'var/lib/clp-fsmon/license.json')
  execFileSync('mv', [store, `${store}.away`])
  symlinkSync(precious, store)
  t.match(await smb.start('x').ended, { status: 4 }, 'a license behind a link is none')
  await runCommand(t, 'clplcnsc', ['--community'], { env: smb.env })
  t.equal(readFileSync(precious, 'utf8'), 'precious', 'nothing was written through any of them')
  t.equal(lstatSync(precious).mode & 0o777, 0o644, 'nor its mode changed')
  t.notOk(existsSync(target))
})
