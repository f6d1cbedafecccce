import t from 'tap'
import { judgeAdmission } from '../../src/doctor/admission-step.ts'

const text = '[global]\n\tworkgroup = X\n\n[Pub]\n\tpath = /srv/pub\n\n[off]\n\tavailable = No\n'
const samba = { samba: { text }, exports: undefined }
const share = (name: string) => ({ id: 'w', kind: 'samba', share: name }) as const
const directory = (name: string) => ({ id: 'w', kind: 'nfs', directory: name }) as const

for (const [name, grade, what] of [
  ['pub', 'ok', 'share'],
  ['off', 'failure', 'shareOff'],
  ['nosuch', 'warning', 'noShare'],
] as const) {
  t.test(`the share ${name}: ${what}`, async (t) => {
    t.match(judgeAdmission(share(name), samba), { grade, what, values: { id: 'w', share: name } })
  })
}

t.test('a home directory stands for shares that are not named', async (t) => {
  const facts = { samba: { text: `${text}[homes]\n` }, exports: undefined }
  t.match(judgeAdmission(share('alice'), facts), { grade: 'ok' })
})

t.test('no Samba here is a note, a broken smb.conf a failure', async (t) => {
  const none = { samba: undefined, exports: undefined }
  t.match(judgeAdmission(share('pub'), none), { grade: 'note', what: 'noSamba' })
  const broken = { samba: { text: '', problem: 'bad line' }, exports: undefined }
  t.match(judgeAdmission(share('pub'), broken), { grade: 'failure', what: 'badSmbConf' })
})

const exports =
  '# all\n/srv/data 192.0.2.0/24(rw)\n"/srv/with blank" *(ro)\n/srv/long/ \\\n  *(ro)\n'

for (const [path, what] of [
  ['/srv/data', 'export'],
  ['/srv/data/below', 'export'],
  ['/srv/database', 'noExport'],
  ['/srv/with blank', 'export'],
  ['/srv/long', 'export'],
  ['/other', 'noExport'],
] as const) {
  t.test(`the directory ${path}: ${what}`, async (t) => {
    t.match(judgeAdmission(directory(path), { samba: undefined, exports }), { what })
  })
}

t.test('a pseudo root exports everything below it, and no configuration is a note', async (t) => {
  t.match(judgeAdmission(directory('/srv'), { samba: undefined, exports: '/ *(fsid=0)' }), {
    what: 'export',
  })
  t.match(judgeAdmission(directory('/srv'), { samba: undefined, exports: undefined }), {
    grade: 'note',
  })
})

t.test('who serves decides where an export is to be added', async (t) => {
  const facts = { samba: undefined, exports: '"/srv"' }
  t.match(judgeAdmission(directory('/other'), facts), { grade: 'warning', what: 'noExport' })
  const ganesha = { ...facts, hasGanesha: true }
  t.match(judgeAdmission(directory('/other'), ganesha), { what: 'noGaneshaExport' })
  t.match(judgeAdmission(directory('/srv'), ganesha), { what: 'export' })
})
