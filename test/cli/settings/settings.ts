import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import {
  problemsOfDefaults,
  problemsOfLicense,
  readSettings,
  settingsFile,
} from '../../../src/cli/settings/settings.ts'

async function read(t: Test, text: string) {
  const file = settingsFile(t.testdir())
  writeFileSync(file, text)
  return readSettings(file)
}

t.test('without a file everything is as it is by default', async (t) => {
  const file = settingsFile(t.testdir())
  t.strictSame(await readSettings(file), {
    file,
    isThere: false,
    problems: [],
    shared: undefined,
    defaults: { clp_sambamon: {}, clp_nfsmon: {} },
    sinks: undefined,
    repair: undefined,
  })
})

t.test('a kind of monitor has its own defaults, which win over those of all', async (t) => {
  const settings = await read(
    t,
    '[defaults]\ninterval = 20\nwait = 90\n[defaults.samba]\ninterval = 10\nencrypt = true\n' +
      '[defaults.nfs]\nnfs-version = "4"\n',
  )
  t.strictSame(settings.problems, [])
  t.strictSame(settings.defaults, {
    clp_sambamon: {
      interval: { value: 10, key: 'defaults.samba.interval', line: 5 },
      wait: { value: 90, key: 'defaults.wait', line: 3 },
      encrypt: { value: true, key: 'defaults.samba.encrypt', line: 6 },
    },
    clp_nfsmon: {
      interval: { value: 20, key: 'defaults.interval', line: 2 },
      wait: { value: 90, key: 'defaults.wait', line: 3 },
      nfsVersion: { value: '4', key: 'defaults.nfs.nfs-version', line: 8 },
    },
  })
})

t.test('the directory of licenses may be given in every way of the format', async (t) => {
  for (const text of [
    '[license]\nshared = "/mnt/shared" # where\n',
    "license.shared = '/mnt/shared'\n",
    'license = { shared = "/mnt/shared" }\r\n',
  ]) {
    t.match(await read(t, text), { shared: '/mnt/shared', problems: [] })
  }
})

t.test('a key that stands in the wrong table is told the right one', async (t) => {
  const text =
    '[defaults]\non-identity = "warn"\nnfs-version = "4"\n' +
    '[defaults.nfs]\nencrypt = true\n[defaults.samba]\ntransport = "udp"\n'
  const { problems, defaults } = await read(t, text)
  const trouble = 'belongs-under'
  t.match(
    problems,
    [
      { trouble, line: 7, key: 'defaults.samba.transport', values: { table: '[defaults.nfs]' } },
      { trouble, line: 5, key: 'defaults.nfs.encrypt', values: { table: '[defaults.samba]' } },
      { trouble, line: 2, key: 'defaults.on-identity', values: { table: '[defaults.samba]' } },
      { trouble, line: 3, key: 'defaults.nfs-version', values: { table: '[defaults.nfs]' } },
    ].toSorted(
      (a, b) =>
        problems.findIndex(({ key }) => key === a.key) -
        problems.findIndex(({ key }) => key === b.key),
    ),
  )
  t.strictSame(defaults, { clp_sambamon: {}, clp_nfsmon: {} })
  t.strictSame((await read(t, '[defaults.samba]\non-identity = "warn"\n')).problems, [])
})

const wrong: [text: string, defaults: number, license: number][] = [
  ['[lic', 1, 1],
  ['[defualts]\nwait = 1\n', 1, 1],
  ['[defaults]\nwait = 0\n', 1, 0],
  ['[defaults]\nwait = "9"\n[defaults.nfs]\nencrypt = true\nport = 1\n', 3, 0],
  ['[defaults]\npassword = "geheim"\n[defaults.samba]\npassword = "geheim"\n', 2, 0],
  ['defaults = 1\n', 1, 0],
  ['[license]\nshared = "here"\n', 0, 1],
  ['[sink.stderr]\nlevel = "debug"\n', 0, 0],
  ['sink = 1\n', 0, 0],
  ['[[sink.webhook]]\nname = "a"\n', 0, 0],
]
for (const [text, defaults, license] of wrong) {
  t.test(`${JSON.stringify(text)} keeps from starting: ${defaults > 0}`, async (t) => {
    const settings = await read(t, text)
    t.ok(settings.problems.length > 0)
    t.equal(problemsOfDefaults(settings).length, defaults)
    t.equal(problemsOfLicense(settings).length, license)
    t.notMatch(JSON.stringify(settings.problems.map(({ values }) => values)), 'geheim')
  })
}

t.test('what is good of a file counts even where something else is wrong', async (t) => {
  const settings = await read(
    t,
    '[license]\nshared = "/a"\n[sink]\nstderr.level = "error"\nlog.level = "x"\n',
  )
  t.match(settings, { shared: '/a', sinks: { stderr: { level: 'error' } } })
  t.equal(settings.sinks?.log, undefined)
})

t.test('a file that cannot be read is told', async (t) => {
  const file = join(t.testdir(), 'clp-fsmon.toml')
  mkdirSync(file)
  const settings = await readSettings(file)
  t.match(settings, { isThere: true, problems: [{ trouble: 'unreadable' }] })
  t.equal(problemsOfDefaults(settings).length, 1)
})

t.test(
  'the sample says only what is understood, in every line that is a comment in it too',
  async (t) => {
    const sample = readFileSync(
      join(import.meta.dirname, '../../../templates/clp-fsmon.toml'),
      'utf8',
    )
    t.match(await read(t, sample), { problems: [], isThere: true })
    const root = t.testdir({ secret: 'x'.repeat(32), ca: '-----BEGIN CERTIFICATE-----' })
    chmodSync(join(root, 'secret'), 0o600)
    const whole = sample
      .replace(/^# (?=\[|[a-z-]+ = )/gm, '')
      .replace('/etc/clp-fsmon/pager.secret', join(root, 'secret'))
      .replace('/etc/clp-fsmon/pager-ca.pem', join(root, 'ca'))
    const file = join(root, 'f.toml')
    writeFileSync(file, whole)
    const settings = await readSettings(file)
    t.strictSame(settings.problems, [])
    t.equal(settings.sinks?.webhook[0]?.name, 'pager')
    t.equal(settings.sinks?.exec[0]?.name, 'mail')
    t.equal(settings.defaults.clp_sambamon.encrypt?.value, true)
  },
)
