import t from 'tap'
import { reloadSettings } from '../../../src/cli/monitor/reload-settings.ts'
import { readSettings } from '../../../src/cli/settings/settings.ts'
import { configured } from '../../helpers/configured.ts'

t.test('a good file is taken, and names what counts from the next start', async (t) => {
  const root = t.testdir()
  const file = configured(root, '[defaults]\nwait = 9\n[defaults.nfs]\nnfs-port = 2049\n')
  const before = await readSettings(file)
  const same = await reloadSettings(before, 'clp_nfsmon', 'watching')
  t.strictSame(same.answer, { ok: true, state: 'watching', text: '' })
  configured(root, '[defaults]\nwait = 10\ninterval = 5\n[defaults.samba]\nport = 1\n')
  const { answer, settings } = await reloadSettings(before, 'clp_nfsmon', 'watching')
  t.strictSame(answer, { ok: true, state: 'watching', text: 'nfs-port, interval, wait' })
  t.match(settings.defaults.clp_nfsmon, { wait: { value: 10 } })
  const only = await reloadSettings(before, 'clp_nfsmon', 'watching', (name) => name === 'wait')
  t.equal(only.answer.text, 'wait', 'of others nobody is told to whom they mean nothing')
})

t.test('a broken file is refused, with the first of what is wrong', async (t) => {
  const root = t.testdir()
  const before = await readSettings(configured(root, ''))
  configured(root, '[defaults]\na = 1\nb = 1\nc = 1\nd = 1\n')
  const { answer } = await reloadSettings(before, 'clp_sambamon', 'paused')
  t.match(answer, { ok: false, state: 'paused', text: /toml:2: .*toml:3: .*toml:4: / })
  t.notMatch(answer.text, 'toml:5')
  t.ok(answer.text.length <= 3000)
})
