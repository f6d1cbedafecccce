import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ganeshaBlocks, nfsConfiguration } from '../../src/diagnosis/nfs-configuration.ts'
import { processOf } from '../helpers/diagnosis.ts'

const ganesha = `# EXPORT {
NFS_CORE_PARAM { Protocols = 3,4; }
EXPORT_DEFAULTS { Access_Type = RW; }
EXPORT { Export_Id = 1; Path = /srv/data; Pseudo = /data; FSAL { Name = VFS; } }
EXPORT { Path = "/srv/my data/"; Pseudo = '/mine'; Access_Type = RO; FSAL { Name = MEM; } }
`

function asked(
  t: Test,
  files: { ganesha?: string; exports?: string; more?: string },
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
  })
  const processes = program === undefined ? [] : [processOf(program)]
  return nfsConfiguration(root, directory, processes, join(root, 'etc/ganesha/ganesha.conf'))
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
  const of = (directory: string) => asked(t, { ganesha }, directory)
  t.match(of('/srv/data'), {
    hasResource: true,
    path: '/srv/data',
    isWritable: true,
    servesVersion3: true,
  })
  t.match(of('/data/sub'), { hasResource: true, path: '/srv/data' })
  const memory = of('/mine')
  t.match(memory, { hasResource: true, isWritable: false })
  t.equal(memory?.path, undefined, 'what is in memory is no directory of this host')
  t.match(of('/srv/dat'), { hasResource: false })
  t.equal(asked(t, { ganesha }, undefined)?.hasResource, undefined)
})

t.test('what cannot be known of Ganesha is not said', async (t) => {
  const included = asked(t, { ganesha: `%include "/etc/more"\nEXPORT {` }, '/x')
  t.equal(included?.invalid, undefined)
  t.equal(included?.hasResource, undefined)
  t.match(asked(t, { ganesha: '' }, '/x', 'ganesha.nfsd'), { isAbsent: true })
  t.match(asked(t, { ganesha: 'EXPORT {' }, '/x'), { invalid: [String] })
  t.equal(asked(t, {}, '/x'), undefined)
})

t.test('exports of the kernel are read, those of exports.d with them', async (t) => {
  const exports = `# comment
/export/data \\
  192.0.2.0/24(rw,sync) # more
"/export/my data" *(ro)
`
  const of = (directory: string, more?: string) =>
    asked(t, { exports, ...(more !== undefined && { more }) }, directory, 'nfsd')
  t.match(of('/export/data/sub'), { hasResource: true, path: '/export/data', isWritable: true })
  t.match(of('/export/my data'), { hasResource: true, path: '/export/my data', isWritable: false })
  t.match(of('/other'), { hasResource: false })
  t.match(of('/other', '/other *(rw)'), { hasResource: true })
  t.equal(of('/never', '/other *(rw)')?.hasResource, false)
  t.match(of('/any', '/root *(rw,fsid=0)'), { hasResource: true }, 'NFSv4 may have it below')
  t.equal(asked(t, { exports }, undefined)?.hasResource, undefined)
  t.match(asked(t, { exports }, '/other'), { program: 'nfsd' }, 'though nothing runs')
})

t.test('what exports(5) does not know is wrong', async (t) => {
  t.match(asked(t, { exports: 'data *(rw)\n' }, '/data', 'nfsd'), { invalid: ['line: data *(rw)'] })
  t.match(asked(t, { exports: '/data *(rw\n' }, '/data', 'nfsd'), { invalid: [String] })
  t.match(asked(t, { exports: '# none\n' }, '/data', 'nfsd'), { invalid: ['it exports nothing'] })
})
