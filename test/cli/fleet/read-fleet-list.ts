import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { readFleetList } from '../../../src/cli/fleet/read-fleet-list.ts'
import { loadConfigTexts } from '../../../src/cli/settings/config-texts.ts'
import { explainConfig } from '../../../src/cli/settings/explain-config.ts'
import type { Defaults } from '../../../src/cli/settings/settings.ts'
import { loadTexts } from '../../../src/cli/texts.ts'
import { ConfigError } from '../../../src/config/config-error.ts'

const texts = await loadTexts('en')
const configTexts = await loadConfigTexts('en')

async function read(t: Test, files: Record<string, string>, samba: Defaults = {}) {
  const directory = t.testdir()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    writeFileSync(join(directory, name), text)
    chmodSync(join(directory, name), 0o600)
  }
  const defaults = { clp_sambamon: samba, clp_nfsmon: {} }
  const reader = { io: { env: {}, uid: process.getuid?.() ?? 0 }, texts, defaults }
  return readFleetList(join(directory, 'watches.toml'), reader)
}

/** What is wrong with a list, with the directory left out. */
async function problems(t: Test, files: Record<string, string>): Promise<string[]> {
  try {
    await read(t, files)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const directory = `${t.testdirName}/`
    return error.problems.map((one) => explainConfig(one, configTexts).replaceAll(directory, ''))
  }
}

t.test('a list of both kinds, with what holds where nothing is said', async (t) => {
  const list = await read(t, {
    'watches.toml': `
[[watch]]
id = "pub1"
kind = "samba"
share = "pub"

[[watch]]
id = "data1"
kind = "nfs"
directory = "/srv/data"
address = "192.0.2.1"
nfs-version = "4.1"
group = "data"
`,
  })
  t.match(list, { exitOn: 'any', limits: { inAll: 64, perAddress: 8 } })
  t.match(list.watches, [
    {
      id: 'pub1',
      group: '',
      settings: {
        command: 'clp_sambamon',
        share: 'pub',
        address: '127.0.0.1',
        timing: { intervalS: 30, retries: 5, waitS: 60, retryIntervalS: 30 },
      },
    },
    {
      id: 'data1',
      group: 'data',
      settings: { command: 'clp_nfsmon', directory: '/srv/data', nfsVersion: '4.1' },
    },
  ])
})

t.test('what is said nearer to a watch wins over what is said farther away', async (t) => {
  const list = await read(
    t,
    {
      'watches.toml': `
exit-on = "group"
include = ["more/*.toml", "one.toml"]
[limits]
in-flight = 5
per-address = 2
[defaults]
interval = 10
retries = 3
[defaults.samba]
retries = 4
[[watch]]
id = "a"
kind = "samba"
share = "a"
wait = 7
[[watch]]
id = "b"
kind = "nfs"
directory = "/b"
`,
      'more/10.toml': `
[defaults]
retries = 9
[[watch]]
id = "c"
kind = "nfs"
directory = "/c"
`,
      'more/20.toml': `
[[watch]]
id = "d"
kind = "samba"
share = "d"
retry-interval = 1
`,
      'more/ignored.txt': 'nothing of ours',
      'one.toml': '',
    },
    { wait: { value: 20, key: 'defaults.wait', line: 1 }, port: { value: 1445, key: '', line: 1 } },
  )
  t.match(list, { exitOn: 'group', limits: { inAll: 5, perAddress: 2 } })
  const told = list.watches.map(({ id, settings: { timing } }) => [
    id,
    timing.intervalS,
    timing.retries,
    timing.waitS,
    timing.retryIntervalS,
  ])
  t.same(told, [
    ['a', 10, 4, 7, 10],
    ['b', 10, 3, 60, 10],
    ['c', 10, 9, 60, 10],
    ['d', 10, 4, 20, 1],
  ])
  t.match(list.watches[0]?.settings, { port: 1445 })
})

t.test('everything that is wrong is said at once, by file, line and key', async (t) => {
  const said = await problems(t, {
    'watches.toml': `exit-on = "some"
include = ["more.toml", "gone.toml", "a*/b.toml"]
[defaults]
intervall = 3
[[watch]]
id = "a b"
kind = "samba"
share = "x"
[[watch]]
kind = "nfs"
directory = "srv"
[[watch]]
id = "c"
kind = "smb"
[[watch]]
id = "d"
kind = "samba"
share = "pub"
password = "secret"
retries = 0
directory = "/d"
[[watch]]
id = "e"
kind = "nfs"
`,
    'more.toml': `
exit-on = "all"
[[watch]]
id = "f"
kind = "samba"
share = "pub"
credentials = "/nowhere/cred"
`,
  })
  const wanted = [
    /^watches\.toml:1: exit-on: 'some' is not known; .*any, all, group/,
    /^watches\.toml:2: include\[3\]: /,
    /^watches\.toml:4: defaults\.intervall: .*did you mean 'interval'/,
    /^watches\.toml:6: watch\[1\]\.id: .*0-9 A-Z a-z/,
    /^watches\.toml:9: watch\[2\]\.id: is missing/,
    /^watches\.toml:14: watch\[3\]\.kind: 'smb' is not known; .*samba, nfs/,
    /^watches\.toml:19: watch\[4\]\.password: a password must not stand here/,
    /^watches\.toml:20: watch\[4\]\.retries: 0 is out of range; allowed is 1\.\.10000/,
    /^watches\.toml:21: watch\[4\]\.directory: there is no such key/,
    /^watches\.toml:22: watch\[5\]\.directory: is missing/,
    /^watches\.toml:9: watch\[2\]: .*-d/,
    /^more\.toml:2: exit-on: there is no such key; allowed is: defaults, watch/,
    /^more\.toml:3: watch\[1\]: .*\/nowhere\/cred/,
    /^watches\.toml:2: include\[2\]: cannot be read \(.*gone\.toml: ENOENT\)/,
  ]
  for (const one of wanted)
    t.ok(
      said.some((line) => one.test(line)),
      `${one}\n${said.join('\n')}`,
    )
  t.equal(said.length, wanted.length, said.join('\n'))
  t.notMatch(said.join('\n'), 'secret"')
})

t.test('an ID that is there twice is found, over all files', async (t) => {
  const said = await problems(t, {
    'watches.toml': `include = ["more.toml"]
[[watch]]
id = "a"
kind = "samba"
share = "x"
`,
    'more.toml': `[[watch]]
id = "a"
kind = "nfs"
directory = "/x"
`,
  })
  t.match(said, [/^more\.toml:2: watch\[1\]\.id: 'a \(watches\.toml:2\)' is there twice/])
})

t.test('options that do not go together are found', async (t) => {
  const said = await problems(t, {
    'watches.toml': `[[watch]]
id = "a"
kind = "samba"
share = "x"
path = "file"
`,
  })
  t.match(said, [/^watches\.toml:1: watch\[1\]: .*--path.*--depth read/])
})

t.test('a list that is not there, is empty, or is no TOML is none', async (t) => {
  t.match(await problems(t, {}), [/^watches\.toml: the file: cannot be read \(ENOENT\)$/])
  t.match(await problems(t, { 'watches.toml': '' }), [/^watches\.toml: watch: is missing/])
  t.match(await problems(t, { 'watches.toml': 'a = ' }), [/^watches\.toml:1: .*is not TOML/])
})
