import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { fleetFile, identifierOf } from '../../../src/cli/fleet/run-command.ts'
import { fsmonMain } from '../../../src/cli/fsmon/fsmon-main.ts'
import { layoutUnder } from '../../../src/registry/layout.ts'
import { fakeIo } from '../../helpers/fake-io.ts'

async function run(t: Test, text: string | undefined, words: string[], config?: string) {
  const root = t.testdir()
  const { etc } = layoutUnder(root)
  mkdirSync(etc, { recursive: true, mode: 0o700 })
  const write = (file: string, content: string) => {
    writeFileSync(file, content)
    chmodSync(file, 0o600)
  }
  if (text !== undefined) write(fleetFile(etc), text)
  if (config !== undefined) write(join(etc, 'clp-fsmon.toml'), config)
  const io = fakeIo({ CLP_FSMON_ROOT: root })
  const status = await fsmonMain(['run', ...words], io)
  return { status, out: io.printed(), err: io.complained(), etc }
}

const good = `[[watch]]
id = "a1"
kind = "samba"
share = "pub"
[[watch]]
id = "b1"
kind = "nfs"
directory = "/b"
address = "192.0.2.1"
`

t.test('a list is only looked at when that is asked', async (t) => {
  t.match(await run(t, good, ['--check']), {
    status: 0,
    out: /watches\.toml: no problems found; 2 watches of 2 addresses, exit-on any\.\n$/,
    err: '',
  })
  t.match(await run(t, good, ['--check', '--lang', 'ja']), { status: 0, out: /監視 2 件/ })
})

t.test('a list that is wrong starts nothing, and every problem is told', async (t) => {
  const { status, err } = await run(t, '[[watch]]\nid = "a"\nkind = "nfs"\ndirectroy = "/"\n', [])
  t.equal(status, 2)
  t.match(err, /watches\.toml:4: watch\[1\]\.directroy: .*did you mean 'directory'/)
  t.match(err, /watches\.toml:1: watch\[1\]\.directory: is missing/)
  t.match(err, /clp_fsmon: .*watches\.toml: problems found: 2\. Nothing was started\.\n$/)
  t.match(await run(t, undefined, []), { status: 2, err: /watches\.toml: the file: .*ENOENT/ })
})

t.test('defaults of the host that are wrong start nothing', async (t) => {
  const ran = await run(t, good, ['--check'], '[defaults]\ninterval = 0\n')
  t.match(ran, { status: 2, err: /clp-fsmon\.toml:2: defaults\.interval: 0 is out of range/ })
})

t.test('only root may start it, and an ID has letters and digits', async (t) => {
  const root = t.testdir()
  writeFileSync(join(root, 'list.toml'), good)
  const io = fakeIo({}, 1000)
  t.equal(await fsmonMain(['run', join(root, 'list.toml')], io), 4)
  t.match(io.complained(), /only root can do this/)
  t.match(await run(t, good, ['--id', 'a b']), { status: 2, err: /'a b' of --id cannot be used/ })
})

t.test('a process is called as its list is', (t) => {
  t.equal(identifierOf('/etc/clp-fsmon/watches.toml'), 'watches')
  t.equal(identifierOf('/srv/group-1.files.toml'), 'group1files')
  t.equal(identifierOf('監視.toml'), '')
  t.end()
})
