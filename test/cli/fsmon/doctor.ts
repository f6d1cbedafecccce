import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { fsmonMain } from '../../../src/cli/fsmon/fsmon-main.ts'
import { fakeIo } from '../../helpers/fake-io.ts'
import { licensed } from '../../helpers/licensed.ts'

t.test('clp_fsmon doctor ends with 1 where a watch cannot do its work', async (t) => {
  const root = t.testdir()
  const look = async (...words: string[]) => {
    const io = fakeIo({ CLP_FSMON_ROOT: root, LANG: 'C', PATH: '/usr/bin:/bin' })
    const status = await fsmonMain(['doctor', ...words], io)
    return { status, said: io.printed() + io.complained() }
  }
  t.match(await look(), { status: 1, said: /\[FAIL\] License/ })
  await licensed(root)
  t.match(await look(), { status: 0, said: /\[WARN\] Directories/ })
  t.match(await look('--strict'), { status: 1 })
  const run = join(root, 'run/clp-fsmon')
  t.notOk(existsSync(run), 'looking makes nothing')
  mkdirSync(run, { recursive: true, mode: 0o755 })
  t.match(await look(), { status: 1, said: /→ chmod 0700/ })
  t.match(await look('--fix'), { status: 0, said: /\[done\]/ })
  t.equal(statSync(run).mode & 0o777, 0o700)
  const { status, said } = await look('--json', '--lang', 'ja')
  t.equal(status, 0)
  t.match(JSON.parse(said), { version: 1, exitStatus: 0, steps: [{ step: 'node' }] })
  t.match(await look('--nonsense'), { status: 2 })
})
