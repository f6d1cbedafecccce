import { chmodSync } from 'node:fs'
import t from 'tap'
import { fsmonMain } from '../../../src/cli/fsmon/fsmon-main.ts'
import { configured } from '../../helpers/configured.ts'
import { fakeIo } from '../../helpers/fake-io.ts'

async function run(root: string, ...argv: string[]) {
  const io = fakeIo({ CLP_FSMON_ROOT: root })
  const status = await fsmonMain(['repairs', ...argv], io)
  return { status, out: io.printed(), err: io.complained() }
}

t.test('the built-in steps are shown where nothing is configured', async (t) => {
  const { status, out, err } = await run(t.testdir())
  t.match({ status, err }, { status: 0, err: '' })
  t.match(out, 'restart-smbd')
  t.match(out, 'nothing is ever repaired')
  t.match((await run(t.testdir(), '--lang', 'ja')).out, '組み込みの手順')
})

t.test('as JSON, for programs', async (t) => {
  const root = t.testdir()
  configured(root, '[repair]\nper-hour = 2\n[[repair.step]]\nuse = "restart-smbd"\n')
  const { status, out } = await run(root, '--json')
  t.equal(status, 0)
  t.match(JSON.parse(out), {
    enabled: true,
    steps: [{ name: 'restart-smbd' }],
    limits: { perHour: 2 },
  })
})

t.test('what is wrong with the configuration is said, and the exit status tells', async (t) => {
  const root = t.testdir()
  const file = configured(root, '[[repair.step]]\nuse = "restart-smb"\n')
  const { status, err } = await run(root)
  t.equal(status, 2)
  t.match(err, /repair\.step\[1\]\.use: 'restart-smb' is not known.*restart-smbd/)
  configured(root, '[[repair.step]]\nuse = "restart-smbd"\n')
  chmodSync(file, 0o666)
  const open = await run(root)
  t.equal(open.status, 2)
  t.match(open.err, /repair: others than root can write .*clp-fsmon\.toml \(mode 0666/)
  t.match(open.out, 'nothing is ever repaired')
})
