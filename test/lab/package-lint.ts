import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { buildPackages, skipWithout } from '../helpers/build-packages.ts'

t.setTimeout(600_000)
const root = join(import.meta.dirname, '../..')
const skip = skipWithout('dpkg-shlibdeps', 'rpmbuild', 'lintian', 'rpmlint', 'mandoc', 'man')

function run(file: string, argv: string[]) {
  const { status, stdout, stderr } = spawnSync(file, argv, {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', MANWIDTH: '80' },
  })
  return { status, said: `${stdout}${stderr}` }
}

t.test('the packages', { skip }, async (t) => {
  const { directory, files, said } = buildPackages(t, [])
  const path = (name: string) => join(directory, name)
  const ending = (suffix: string) => files.filter((name) => name.endsWith(suffix))

  await t.test('are all there, and what they take is said', (t) => {
    t.strictSame([ending('.deb').length, ending('.rpm').length, ending('.tgz').length], [3, 3, 1])
    const lines = said.trim().split('\n')
    t.equal(lines.length, files.length)
    for (const line of lines) {
      const [, file = '', size, installed] =
        /^(\S+) {2}(\d+) KiB, installed (\d+) KiB$/.exec(line) ?? []
      t.equal(Number(size), Math.floor(statSync(file).size / 1024), line)
      if (!file.includes('-standalone'))
        t.ok(Number(installed) > 0 && Number(installed) <= 976, `${line}: at most 1 MB`)
    }
    for (const name of ending('.deb')) {
      const { said: field } = run('dpkg-deb', ['-f', path(name), 'Installed-Size'])
      t.match(
        said,
        `${name}  ${Math.floor(statSync(path(name)).size / 1024)} KiB, installed ${field}`.trim(),
      )
    }
    t.end()
  })

  await t.test('have the same bytes when they are built again', (t) => {
    const again = buildPackages(t, [])
    t.strictSame(again.files, files)
    for (const name of files) {
      const other = readFileSync(join(again.directory, name))
      t.ok(readFileSync(path(name)).equals(other), name)
    }
    t.end()
  })

  await t.test('are without errors for lintian and rpmlint', (t) => {
    const debs = ending('.deb').map(path)
    const lintian = run('lintian', ['--allow-root', '--fail-on', 'error', ...debs])
    t.equal(lintian.status, 0, lintian.said)
    t.notMatch(lintian.said, /^E:/m)
    const config = join(root, 'scripts/package.d/rpmlint.toml')
    const rpmlint = run('rpmlint', ['-c', config, ...ending('.rpm').map(path)])
    t.equal(rpmlint.status, 0, rpmlint.said)
    t.match(rpmlint.said, /3 packages and 0 specfiles checked; 0 errors/)
    t.end()
  })

  await t.test('have manual pages that mandoc and man have nothing to say about', (t) => {
    const unpacked = t.testdir()
    const deb = path(files.find((name) => name.endsWith('_all.deb')) ?? '')
    execFileSync('dpkg-deb', ['-x', deb, unpacked])
    const manuals = join(unpacked, 'usr/share/man/man8')
    const pages = readdirSync(manuals)
    t.equal(pages.length, 4)
    for (const page of pages.map((name) => join(manuals, name))) {
      t.strictSame(run('mandoc', ['-T', 'lint', '-W', 'style', page]), { status: 0, said: '' })
      const { stdout, stderr, status } = spawnSync('man', ['--warnings', '-l', page], {
        encoding: 'utf8',
        env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', MANWIDTH: '80' },
      })
      t.strictSame({ status, stderr }, { status: 0, stderr: '' })
      t.match(stdout, /\bNAME\n[^]*\bSYNOPSIS\n[^]*\bEXIT STATUS\n[^]*\bFILES\n/)
    }
    t.end()
  })

  await t.test('that bring Node bring its license, and are not built without', (t) => {
    const unpacked = t.testdir({ bin: { node: '' } })
    const deb = path(files.find((name) => name.includes('-standalone_')) ?? '')
    execFileSync('dpkg-deb', ['-x', deb, unpacked])
    const document = join(unpacked, 'usr/share/doc/clusterpro-fsmon-standalone')
    t.match(readFileSync(join(document, 'NODE-LICENSE'), 'utf8'), /^Node\.js is licensed for use/)
    t.match(readFileSync(join(document, 'copyright'), 'utf8'), /clp-fsmon-node\n/)
    const out = join(unpacked, 'out')
    const node = join(unpacked, 'bin/node')
    const build = ['-u', 'NODE_OPTIONS', join(root, 'scripts/package'), '--standalone', out]
    const { status, said } = run('env', [...build, '--node', node])
    t.equal(status, 1)
    t.match(said, /found no LICENSE of .*\/bin\/node/)
    t.strictSame(readdirSync(out), [])
    t.end()
  })
})

t.test('wrong options are told', (t) => {
  const script = join(root, 'scripts/package')
  for (const argv of [['--release', '0'], ['--node', '/nowhere'], ['--nonsense'], ['--node']])
    t.match(run(script, argv), { status: 2, said: /^package: .*see --help/ }, argv.join(' '))
  t.end()
})
