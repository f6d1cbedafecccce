import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { fsmonMain } from '../../../src/cli/fsmon/fsmon-main.ts'
import { loadTemplateTexts } from '../../../src/cli/fsmon/template-texts.ts'
import { writeTemplate } from '../../../src/cli/fsmon/write-template.ts'
import { loadTexts } from '../../../src/cli/texts.ts'
import { fakeIo } from '../../helpers/fake-io.ts'

const texts = await loadTexts('en')
const words = await loadTemplateTexts('en')
const templates = join(import.meta.dirname, '../../../templates')

function runner(t: Test) {
  const directory = join(t.testdir(), 'scripts')
  const run = (
    kind: string | undefined,
    values: Record<string, string> = {},
    { to = directory, sources = ['/nowhere', templates] }: { to?: string; sources?: string[] } = {},
  ) => {
    const said = { out: '', err: '' }
    const io = {
      out: (text: string) => void (said.out += text),
      err: (text: string) => void (said.err += text),
    }
    const status = writeTemplate({ kind, values, to, sources, texts, words, io })
    return { status, ...said }
  }
  return { directory, run }
}

t.test('scripts are written filled in, to be run', async (t) => {
  const { directory, run } = runner(t)
  const ran = run('samba-mon', { share: "Bob's share", id: 'w1', stopWait: '10', interval: '5' })
  t.match(ran, { status: 0, out: /start.sh, stop.sh/, err: '' })
  const start = readFileSync(join(directory, 'start.sh'), 'utf8')
  t.match(start, `SHARE="Bob's share"`)
  t.match(start, "\nMONITOR_ID='w1'\n")
  t.match(start, "\nINTERVAL='5'\n")
  t.match(start, "\nADDRESS=''\n")
  const stop = readFileSync(join(directory, 'stop.sh'), 'utf8')
  t.match(stop, "\nMONITOR_ID='w1'\n")
  t.match(stop, "\nSTOP_WAIT='10'\n")
  for (const name of ['start.sh', 'stop.sh']) {
    t.equal(statSync(join(directory, name)).mode & 0o111, 0o111)
  }
})

t.test('a list of many watches is one that can be used', async (t) => {
  const { directory, run } = runner(t)
  t.match(run('run'), { status: 0, out: /watches\.toml/, err: '' })
  const io = fakeIo({ CLP_FSMON_ROOT: directory })
  t.equal(await fsmonMain(['run', join(directory, 'watches.toml'), '--check'], io), 0)
  t.match(io.printed(), 'no problems found; 2 watches')
  const to = join(directory, 'pacemaker')
  t.match(run('pacemaker-run', { list: '/etc/nas.toml', id: 'nas1' }, { to }), { status: 0 })
  const { stdout } = spawnSync('sh', [join(to, 'resource.sh')], { encoding: 'utf8' })
  t.match(stdout, 'primitive nas1 ocf:clp:fsmon params kind=run list="/etc/nas.toml" op start')
  t.match(run('pacemaker-run', {}, { to }), { status: 2, err: /--list/ })
})

t.test('every kind can be written', async (t) => {
  const { directory, run } = runner(t)
  const rows = [
    ['samba', { service: 'smb' }],
    ['nfs', {}],
    ['nfs-mon', { directory: '/export', port: '2049', address: 'x' }],
  ] as const
  for (const [kind, values] of rows) {
    const to = join(directory, kind)
    t.match(run(kind, values, { to }), { status: 0 })
    t.strictSame(readdirSync(to).toSorted(), ['start.sh', 'stop.sh'])
  }
})

t.test('nothing is overwritten, and nothing half written', async (t) => {
  for (const name of ['start.sh', 'stop.sh']) {
    const { directory, run } = runner(t)
    mkdirSync(directory)
    writeFileSync(join(directory, name), 'mine')
    t.match(run('samba'), { status: 2, err: new RegExp(`${name} exists already`) })
    t.strictSame(readdirSync(directory), [name])
    t.equal(readFileSync(join(directory, name), 'utf8'), 'mine')
  }
})

const refused: [kind: string | undefined, values: Record<string, string>, err: RegExp][] = [
  [undefined, {}, /samba, samba-mon, nfs, nfs-mon/],
  ['smb', {}, /no template 'smb'/],
  ['toString', {}, /no template/],
  ['samba-mon', {}, /needs --share/],
  ['nfs-mon', { share: 'pub', directory: '/a' }, /--share is no setting/],
  ['samba', { id: 'a' }, /--id is no setting/],
  ['samba-mon', { share: 'pub', id: 'a b' }, /'a b' cannot be an identifier/],
  ['samba-mon', { share: 'pub', interval: '0' }, /--interval is out of range; allowed is 1..10000/],
  ['samba-mon', { share: '' }, /--share was given an empty value/],
  ['samba-mon', { share: 'x'.repeat(256) }, /256 bytes/],
]

for (const [kind, values, err] of refused) {
  t.test(`refused: ${kind} ${JSON.stringify(values).slice(0, 60)}`, async (t) => {
    const { directory, run } = runner(t)
    t.match(run(kind, values), { status: 2, out: '', err })
    t.notOk(existsSync(directory))
  })
}

t.test('where nothing can be written, or no template lies, that is said', async (t) => {
  const { directory, run } = runner(t)
  t.match(run('samba', {}, { to: '' }), { status: 2, err: /--to/ })
  t.match(run('samba', {}, { sources: [] }), { status: 5, err: /clusterpro-fsmonscript/ })
  writeFileSync(directory, 'a file')
  t.match(run('samba', {}, { to: join(directory, 'below') }), { status: 5, err: /ENOTDIR/ })
  t.match(run('samba', {}, { to: '/proc/none/below' }), { status: 5, err: /ENOENT/ })
})
