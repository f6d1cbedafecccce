import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ganeshaBlocks, nfsConfiguration } from '../../src/diagnosis/nfs-configuration.ts'
import { programDirectories } from '../../src/diagnosis/program-directories.ts'
import { processOf } from '../helpers/diagnosis.ts'

const ganesha = `# EXPORT {
NFS_CORE_PARAM { Protocols = 3,4; }
EXPORT_DEFAULTS { Access_Type = RW; }
EXPORT { Export_Id = 1; Path = /srv/data; Pseudo = /data; FSAL { Name = VFS; } }
EXPORT { Path = "/srv/my data/"; Pseudo = '/mine'; Access_Type = RO; FSAL { Name = MEM; } }
`

async function asked(
  t: Test,
  files: { ganesha?: string; exports?: string; more?: string; etab?: string; versions?: string },
  directory: string | undefined,
  program?: 'ganesha.nfsd' | 'nfsd',
) {
  const root = t.testdir({
    etc: {
      ...(files.ganesha !== undefined && { ganesha: { 'ganesha.conf': files.ganesha } }),
      ...(files.exports !== undefined && { exports: files.exports }),
      ...(files.more !== undefined && {
        'exports.d': { 'more.exports': files.more, README: '/never' },
      }),
    },
    ...(files.etab !== undefined && { var: { lib: { nfs: { etab: files.etab } } } }),
    ...(files.versions !== undefined && { proc: { fs: { nfsd: { versions: files.versions } } } }),
  })
  const processes = program === undefined ? [] : [processOf(program)]
  const sources = { root, programs: programDirectories }
  return nfsConfiguration(sources, directory, processes, join(root, 'etc/ganesha/ganesha.conf'))
}

t.test('a configuration of Ganesha is read', async (t) => {
  const whole = ganeshaBlocks(ganesha)
  t.strictSame(
    whole?.blocks.map(({ name }) => name),
    ['nfs_core_param', 'export_defaults', 'export', 'export'],
  )
  t.equal(whole?.blocks[3]?.values.get('path'), '/srv/my data/')
  t.strictSame(ganeshaBlocks(''), { name: '', values: new Map(), blocks: [] })
})

t.test('one that does not fit together is refused', async (t) => {
  const broken = [
    'EXPORT {',
    '}',
    'EXPORT { Path = /x }',
    '{ }',
    'a = { }',
    'x',
    'A { b; }',
    '"',
    '%include x',
  ]
  for (const text of broken) t.equal(ganeshaBlocks(text), undefined, text)
})

t.test('an export is found by its path, by its pseudo path, and below them', async (t) => {
  const of = async (directory: string) => asked(t, { ganesha }, directory)
  t.match(await of('/srv/data'), {
    hasResource: true,
    path: '/srv/data',
    isWritable: true,
    servesVersion3: true,
  })
  t.match(await of('/data/sub'), { hasResource: true, path: '/srv/data' })
  const memory = await of('/mine')
  t.match(memory, { hasResource: true, isWritable: false })
  t.equal(memory?.path, undefined, 'what is in memory is no directory of this host')
  t.match(await of('/srv/dat'), { hasResource: false })
  t.equal((await asked(t, { ganesha }, undefined))?.hasResource, undefined)
})

t.test('what cannot be known of Ganesha is not said', async (t) => {
  const included = await asked(t, { ganesha: `%include "/etc/more"\nEXPORT {` }, '/x')
  t.equal(included?.invalid, undefined)
  t.equal(included?.hasResource, undefined)
  t.match(await asked(t, { ganesha: '' }, '/x', 'ganesha.nfsd'), { isAbsent: true })
  t.match(await asked(t, { ganesha: 'EXPORT {' }, '/x'), { invalid: [String] })
  t.equal(await asked(t, {}, '/x'), undefined)
})

t.test('exports of the kernel are read, those of exports.d with them', async (t) => {
  const exports = `# comment
/export/data \\
  192.0.2.0/24(rw,sync) # more
"/export/my data" *(ro)
`
  const of = async (directory: string, more?: string) =>
    asked(t, { exports, ...(more !== undefined && { more }) }, directory, 'nfsd')
  t.match(await of('/export/data/sub'), {
    hasResource: true,
    path: '/export/data',
    isWritable: true,
  })
  t.match(await of('/export/my data'), {
    hasResource: true,
    path: '/export/my data',
    isWritable: false,
  })
  t.match(await of('/other'), { hasResource: false })
  t.match(await of('/other', '/other *(rw)'), { hasResource: true })
  t.equal((await of('/never', '/other *(rw)'))?.hasResource, false)
  t.equal((await of('/any', '/root *(rw,fsid=0)'))?.hasResource, undefined, 'NFSv4 may have it')
  t.equal((await of('/'))?.hasResource, undefined, 'NFSv4 shows the way')
  t.equal((await of('/export'))?.hasResource, undefined)
  t.equal((await of('/exp'))?.hasResource, false)
  t.equal((await asked(t, { exports }, undefined))?.hasResource, undefined)
  t.match(await asked(t, { exports }, '/other'), { program: 'nfsd' }, 'though nothing runs')
})

t.test('what exports(5) does not know is wrong', async (t) => {
  t.match(await asked(t, { exports: 'data *(rw)\n' }, '/data', 'nfsd'), {
    invalid: ['line: data *(rw)'],
  })
  t.match(await asked(t, { exports: '/data *(rw\n' }, '/data', 'nfsd'), { invalid: [String] })
})

t.test('a directory on the way to a pseudo path may be the one of NFSv4', async (t) => {
  const text = 'EXPORT { Path = /srv/a; Pseudo = /export/a; }'
  for (const directory of ['/', '/export']) {
    const found = await asked(t, { ganesha: text }, directory, 'ganesha.nfsd')
    t.match(found, { program: 'ganesha.nfsd' })
    t.equal(found?.hasResource, undefined, directory)
  }
  t.match(await asked(t, { ganesha: text }, '/exp', 'ganesha.nfsd'), { hasResource: false })
  t.match(await asked(t, { ganesha: text }, '/srv', 'ganesha.nfsd'), { hasResource: false })
})

t.test('what stands within quotes is no comment and no end', async (t) => {
  const text = 'EXPORT { Path = "/srv/a#b"; Pseudo = "/a \\"b\\""; } # " not { here'
  t.match(await asked(t, { ganesha: text }, '/srv/a#b'), { hasResource: true })
})

t.test('what commands have exported counts besides the file', async (t) => {
  const etab = '/srv/by\\040cluster\t*(rw,sync,fsid=1)\n'
  for (const exports of ['# none\n', '/other *(ro)\n']) {
    const of = async (directory: string) => asked(t, { exports, etab }, directory, 'nfsd')
    const found = await of('/srv/by cluster/sub')
    t.match(found, { hasResource: true, path: '/srv/by cluster', isWritable: true })
    t.equal(found?.invalid, undefined)
    t.equal((await of('/'))?.hasResource, undefined)
    t.match(await of('/none'), { hasResource: false })
  }
  t.match(await asked(t, { exports: '', etab: '' }, '/data', 'nfsd'), { hasResource: false })
  const unknown = await asked(t, { exports: '' }, '/data', 'nfsd')
  t.equal(unknown?.hasResource, undefined, 'nobody knows what commands have exported')
  t.equal(unknown?.invalid, undefined)
})

t.test('the versions are those that the kernel serves', async (t) => {
  const of = async (versions?: string) =>
    (
      await asked(
        t,
        { exports: '/data *(ro)\n', ...(versions !== undefined && { versions }) },
        '/data',
        'nfsd',
      )
    )?.servesVersion3
  t.equal(await of('-2 +3 +4 +4.1 +4.2\n'), true)
  t.equal(await of('-2 -3 +4 +4.1 +4.2\n'), false)
  t.equal(await of(), undefined, 'which is no reason to miss what version 3 needs')
})
