import { join } from 'node:path'
import t from 'tap'
import { configurationFile, ganeshaLog } from '../../src/diagnosis/configuration-file.ts'
import { programDirectories } from '../../src/diagnosis/program-directories.ts'
import { processOf } from '../helpers/diagnosis.ts'

const words: [program: 'smbd' | 'ganesha.nfsd', words: string[], file: string][] = [
  ['smbd', ['smbd', '-D'], '/etc/samba/smb.conf'],
  ['smbd', ['smbd', '-D', '-s', '/mnt/shared/smb.conf'], '/mnt/shared/smb.conf'],
  ['smbd', ['smbd', '-s/mnt/smb.conf'], '/mnt/smb.conf'],
  ['smbd', ['smbd', '--configfile', '/mnt/smb.conf'], '/mnt/smb.conf'],
  ['smbd', ['smbd', '--configfile=/mnt/smb.conf', '-F'], '/mnt/smb.conf'],
  ['ganesha.nfsd', ['ganesha.nfsd', '-F'], '/etc/ganesha/ganesha.conf'],
  ['ganesha.nfsd', ['ganesha.nfsd', '-F', '-f', '/mnt/g.conf'], '/mnt/g.conf'],
]
for (const [program, its, file] of words) {
  t.test(`the configuration of ${its.join(' ')}`, async (t) => {
    const root = t.testdir({ proc: { '100': { cmdline: `${its.join('\0')}\0` } } })
    const found = await configurationFile({ root, programs: programDirectories }, program, [
      processOf(program),
    ])
    t.equal(found, file.startsWith('/etc') ? join(root, file) : file)
  })
}

t.test('of one that does not run it is the usual one', async (t) => {
  const root = t.testdir({})
  const sources = { root, programs: programDirectories }
  t.equal(await configurationFile(sources, 'smbd', []), join(root, 'etc/samba/smb.conf'))
  const zombie = [processOf('smbd', { state: 'Z' })]
  t.equal(await configurationFile(sources, 'smbd', zombie), join(root, 'etc/samba/smb.conf'))
})

t.test('where it cannot be told, none is guessed', async (t) => {
  const running = [processOf('smbd')]
  const root = t.testdir({})
  t.equal(await configurationFile({ root, programs: [] }, 'smbd', running), undefined)
  const sources = { root, programs: programDirectories }
  t.equal(await configurationFile(sources, 'smbd', running), undefined)
})

t.test('the log of Ganesha is where it was told to be', async (t) => {
  const log = async (words: string) => {
    const root = t.testdir({ proc: { '100': { cmdline: words } } })
    const running = [processOf('ganesha.nfsd')]
    const file = await ganeshaLog({ root, programs: programDirectories }, running)
    return file?.slice(root.length)
  }
  t.equal(await log('ganesha.nfsd\0-F\0'), '/var/log/ganesha/ganesha.log')
  t.equal(await log('ganesha.nfsd\0-L\0/tmp/g.log\0-F\0'), '/tmp/g.log')
  t.equal(await log('ganesha.nfsd\0-L/tmp/g.log\0'), '/tmp/g.log')
  t.equal(await ganeshaLog({ root: '', programs: [] }, [processOf('ganesha.nfsd')]), undefined)
})

t.test('one that is not of the system’s packages has its files where only it knows', async (t) => {
  const of = async (exe: string, words: string[]) => {
    const root = t.testdir({
      proc: { '100': { cmdline: `${words.join('\0')}\0`, exe: t.fixture('symlink', exe) } },
    })
    const sources = { root, programs: programDirectories }
    return (await configurationFile(sources, 'smbd', [processOf('smbd')]))?.replace(root, '')
  }
  for (const exe of ['/usr/sbin/smbd', '/sbin/smbd', '/usr/sbin/smbd (deleted)']) {
    t.equal(await of(exe, ['smbd']), '/etc/samba/smb.conf', exe)
  }
  for (const exe of ['/usr/local/samba/sbin/smbd', '/opt/samba/smbd', '/nix/store/x/bin/smbd']) {
    t.equal(await of(exe, ['smbd']), undefined, exe)
    t.equal(await of(exe, ['smbd', '-s', '/etc/own.conf']), '/etc/own.conf', exe)
  }
})
