import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { fsmonMain } from '../../../src/cli/fsmon/fsmon-main.ts'
import { configured } from '../../helpers/configured.ts'
import { fakeIo } from '../../helpers/fake-io.ts'

async function run(root: string, ...argv: string[]) {
  const io = fakeIo({ CLP_FSMON_ROOT: root }, 1000)
  const status = await fsmonMain(['config', ...argv], io)
  return { status, out: io.printed(), err: io.complained() }
}

t.test('the settings in force are shown with where they come from', async (t) => {
  const root = t.testdir()
  t.match(await run(root), { status: 0, out: /is not there: everything has its default/ })
  const file = configured(root, '[defaults]\nwait = 9\n')
  const { status, out, err } = await run(root)
  t.match({ status, err }, { status: 0, err: '' })
  t.match(out, `${file}: no problems found.`)
  t.match(out, /^ {2}wait +9 {2}\(line 2\)$/m)
  t.match(out, /^ {2}retries +5 {2}\(by default\)$/m)
  t.strictSame(await run(root, '--check'), {
    status: 0,
    out: `${file}: no problems found.\n`,
    err: '',
  })
  t.match(await run(root, '--lang', 'ja'), { out: /2 行目/ })
})

t.test('everything that is wrong is shown, and the exit status tells', async (t) => {
  const root = t.testdir()
  const file = configured(root, '[defaults]\nwait = 0\nwiat = 1\n')
  const { status, out, err } = await run(root, '--check')
  t.equal(status, 2)
  t.equal(out, '')
  t.match(err, `${file}:2: defaults.wait: 0 is out of range; allowed is 1..10000\n`)
  t.match(err, /:3: defaults\.wiat: .*did you mean 'wait'\?\)\n/)
  t.match(err, 'problems found: 2.')
})

t.test('another file can be looked at before it is put in place', async (t) => {
  const root = t.testdir()
  configured(root, 'broken')
  const other = join(root, 'other.toml')
  writeFileSync(other, '')
  chmodSync(other, 0o600)
  t.match(await run(root, '--check', other), { status: 0, out: `${other}: no problems found.\n` })
  t.match(await run(root, join(root, 'none')), { status: 2, err: /none: the file: .*ENOENT/ })
})

t.test('a step of a repair that can never begin is told before anything fails', async (t) => {
  const root = t.testdir()
  const file = configured(
    root,
    '[[repair.step]]\nname = "mend"\nkind = "nfs"\ncauses = ["any"]\ncommand = ["/none/mend"]\n',
  )
  chmodSync(file, 0o600)
  const { status, out, err } = await run(root, '--check')
  t.match({ status, out }, { status: 2, out: '' })
  t.match(
    err,
    `${file}:5: repair.step[1].command[1]: never begins: there is no /none/mend; allowed`,
  )
  t.match((await run(root, '--lang', 'ja')).err, /実行されません: \/none\/mend がありません/)
})
