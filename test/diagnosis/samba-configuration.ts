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
  t.strictSame((await asked(t, 'x', 'pub', 'exit 1')).invalid, ['testparm does not take it'])
  const late = await asked(t, 'x', 'pub', 'exec sleep 600')
  t.equal(late.invalid, undefined)
  t.equal(late.hasResource, undefined)
})

t.test('without a configuration nothing is said of it', async (t) => {
  t.match(await asked(t, '', 'pub'), { isAbsent: true })
})

t.test('winbindd is needed where a configuration says so', async (t) => {
  t.match(await asked(t, '[global]\nsecurity = ADS\n', undefined), { winbindBy: /ADS/ })
  const etc = { 'nsswitch.conf': 'group: files\npasswd:   files winbind\n' }
  t.match(await asked(t, conf, undefined, undefined, etc), { winbindBy: /passwd: +files winbind/ })
  t.equal((await asked(t, conf, undefined)).winbindBy, undefined)
})
