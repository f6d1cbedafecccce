import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { sambaConfiguration, sambaSections } from '../../src/diagnosis/samba-configuration.ts'

/** Asks about a share of a smb.conf, with a testparm of our own or none. */
async function asked(
  t: Test,
  smbConf: string,
  share: string | undefined,
  testparm?: string,
  etc: Record<string, string> = {},
) {
  const root = t.testdir({ etc: { samba: { 'smb.conf': smbConf }, ...etc }, bin: {} })
  const programs = [join(root, 'bin')]
  if (testparm !== undefined) {
    const file = join(root, 'bin/testparm')
    writeFileSync(file, `#!/bin/sh\n${testparm}\n`)
    chmodSync(file, 0o755)
  }
  return sambaConfiguration({ root, programs }, share, join(root, 'etc/samba/smb.conf'))
}

const conf = `[global]
  workgroup = LAB ; not a comment
# path = /no
[Pub]
  Path = /export/pub
  Read  Only = no
[home]
  path = /home/%U
  writeable = yes
[ro]
  path = /ro
`

t.test('sections and parameters are read in small letters', async (t) => {
  const sections = sambaSections(conf)
  t.strictSame([...sections.keys()], ['global', 'pub', 'home', 'ro'])
  t.equal(sections.get('pub')?.get('read only'), 'no')
  t.equal(sections.get('global')?.get('path'), undefined)
})

t.test('a share has its directory, and whether clients may write there', async (t) => {
  t.match(await asked(t, conf, 'PUB'), { hasResource: true, path: '/export/pub', isWritable: true })
  const home = await asked(t, conf, 'home')
  t.match(home, { hasResource: true, isWritable: true })
  t.equal(home.path, undefined, 'what is filled in later is not known now')
  t.match(await asked(t, conf, 'ro'), { path: '/ro', isWritable: false })
  t.equal((await asked(t, conf, undefined)).hasResource, undefined)
})

t.test('a share that is in no section is missing, unless it may come from elsewhere', async (t) => {
  t.equal((await asked(t, conf, 'no')).hasResource, false)
  const elsewhere = [
    '[homes]\n',
    '[printers]\n',
    '[global]\nregistry shares = yes\n',
    '[global]\nconfig backend = registry\n',
    '[global]\ninclude = /etc/samba/more.conf\n',
  ]
  for (const text of elsewhere) {
    t.equal((await asked(t, text, 'no')).hasResource, undefined, text)
  }
  t.equal((await asked(t, conf, 'IPC$')).hasResource, undefined)
})

t.test('testparm has the last word, and is not waited for', async (t) => {
  t.match(await asked(t, 'x', 'pub', 'echo "[pub]"; echo "path = /from/testparm"'), {
    hasResource: true,
    path: '/from/testparm',
  })
  const broken = `echo 'Load smb config files' >&2
echo 'params.c: Ignoring badly formed line in configuration file: password = secret' >&2
echo 'Error loading services.' >&2; exit 1`
  const { invalid } = await asked(t, 'x', 'pub', broken)
  t.equal(invalid?.at(-1), 'Error loading services.')
  t.notMatch(invalid?.join(' '), /secret/)
  t.strictSame(Object.keys(await asked(t, 'x', 'pub', 'exit 1')), ['file', 'program'], 'no word')
  const loaded = `echo 'Loaded services file OK.' >&2; echo 'ERROR: Invalid idmap range' >&2
printf '[pub]\\npath = /p\\n'; exit 1`
  const complained = await asked(t, 'x', 'pub', loaded)
  t.match(complained, { hasResource: true, path: '/p' })
  t.equal(complained.invalid, undefined, 'what Samba loads it runs with')
  const late = await asked(t, 'x', 'pub', 'exec sleep 600')
  t.equal(late.invalid, undefined)
  t.equal(late.hasResource, undefined)
})

t.test('without a configuration nothing is said of it', async (t) => {
  t.match(await asked(t, '', 'pub'), { isAbsent: true })
})

t.test('a directory that may not be there yet, or never, is not looked for', async (t) => {
  const of = async (lines: string, global = '') =>
    asked(t, `[global]\n${global}\n[pub]\npath = /pub\n${lines}\n`, 'pub')
  t.match(await of(''), { path: '/pub' })
  for (const [lines, global] of [
    ['root preexec = mkdir -p /pub'],
    ['preexec = /bin/true'],
    ['exec = /bin/true'],
    ['', 'root preexec = mkdir -p /pub'],
    ['msdfs proxy = \\other\\pub'],
    ['vfs objects = acl_xattr glusterfs'],
    ['vfs objects = ceph_new:one'],
    ['vfs object = of_our_own'],
    ['', 'vfs objects = ceph'],
  ] as const) {
    const found = await of(lines, global)
    t.match(found, { hasResource: true }, lines)
    t.equal(found.path, undefined, `${lines} ${global ?? ''}`)
  }
  t.match(await of('vfs objects = Catia fruit:x, streams_xattr'), { path: '/pub' })
  t.match(await of('vfs objects = acl_xattr', 'vfs objects = ceph'), { path: '/pub' })
})

t.test('shares that each client has of its own may be any', async (t) => {
  const testparm = 'echo "[global]"; echo "include = /etc/samba/%m.conf"; echo "[pub]"'
  t.equal((await asked(t, 'x', 'no', testparm)).hasResource, undefined)
  const plain = 'echo "[global]"; echo "include = /etc/samba/more.conf"; echo "[pub]"'
  t.equal((await asked(t, 'x', 'no', plain)).hasResource, false, 'testparm has read that one')
  const written = '[global]\nconfig file = /etc/samba/smb.conf.%L\n'
  t.equal((await asked(t, written, 'no', plain)).hasResource, undefined)
})

t.test('the users’ own shares are where the configuration has them', async (t) => {
  const root = t.testdir({
    var: { lib: { samba: { usershares: { 'my docs': '' } } } },
    srv: { shares: { Pictures: '' } },
    etc: { samba: { 'smb.conf': '[pub]\n' } },
  })
  const of = async (share: string, conf: string) => {
    const file = join(root, 'etc/samba/smb.conf')
    writeFileSync(file, conf)
    return (await sambaConfiguration({ root, programs: [] }, share, file)).hasResource
  }
  t.equal(await of('My Docs', '[pub]\n'), undefined)
  t.equal(await of('pictures', '[pub]\n'), false)
  t.equal(await of('pictures', '[global]\nusershare path = /srv/shares\n'), undefined)
  t.equal(await of('my docs', '[global]\nusershare path = /srv/shares\n'), false)
})

t.test('winbindd is needed by a member of a domain', async (t) => {
  t.match(await asked(t, '[global]\nsecurity = ADS\n', undefined), { winbindBy: /security = ADS/ })
  const member = '[global]\nserver role = member server\n'
  t.match(await asked(t, member, undefined), { winbindBy: /member/ })
  t.equal((await asked(t, conf, undefined)).winbindBy, undefined)
  const etc = { 'nsswitch.conf': 'group: files\npasswd:   files winbind\n' }
  const alone = await asked(t, conf, undefined, undefined, etc)
  t.equal(alone.winbindBy, undefined, 'a package that is installed needs nothing')
  const unknown = `include = /etc/more\n${conf}`
  t.match(await asked(t, unknown, undefined, undefined, etc), {
    winbindBy: /passwd: +files winbind/,
  })
})
