import t from 'tap'
import { fleetKind, includedKind, optionsOfWatch } from '../../../src/cli/fleet/fleet-kind.ts'
import { understandToml } from '../../../src/config/read-toml.ts'

t.test('a watch may have what says how a server is asked, and nothing of the command line', (t) => {
  for (const command of ['clp_sambamon', 'clp_nfsmon'] as const) {
    const names = new Set(optionsOfWatch(command).map(({ name }) => name))
    t.ok(names.has('interval'))
    for (const name of ['check', 'json', 'nagios', 'warning', 'lang', 'password', 'force']) {
      t.notOk(names.has(name), name)
    }
  }
  t.end()
})

t.test('what is not written has its default', async (t) => {
  const { value, problems } = await understandToml('x.toml', '', fleetKind())
  t.strictSame(problems, [])
  t.match(value, { 'exit-on': 'any', limits: { 'in-flight': 64, 'per-address': 8 }, watch: [] })
})

t.test('each watch has the options of its kind, and a target', async (t) => {
  const text = `[[watch]]
id = "a"
kind = "nfs"
directory = "/a"
share = "x"
[[watch]]
id = "b"
kind = "samba"
[[watch]]
id = "c"
share = "x"
[[watch]]
id = "d"
kind = "nfs"
directory = "/d"
`
  const { value, problems } = await understandToml('x.toml', text, includedKind())
  t.match(problems, [
    { line: 5, key: 'watch[1].share', trouble: 'unknown-key' },
    { line: 6, key: 'watch[2].share', trouble: 'missing' },
    { line: 9, key: 'watch[3].kind', trouble: 'missing' },
  ])
  t.match(value?.watch?.at(-1), { id: 'd', kind: 'nfs', options: { directory: '/d' } })
  t.equal(value?.watch?.at(-1)?.group, '')
})

t.test('a file that is included decides nothing for the others', async (t) => {
  const text = 'exit-on = "all"\ninclude = ["y"]\n[limits]\n'
  const { problems } = await understandToml('x.toml', text, includedKind())
  t.strictSame(
    problems.map(({ key, trouble }) => [key, trouble]),
    [
      ['exit-on', 'unknown-key'],
      ['include', 'unknown-key'],
      ['limits', 'unknown-key'],
    ],
  )
})
