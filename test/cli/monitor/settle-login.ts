import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { SambaSettings } from '../../../src/cli/monitor/monitor-request.ts'
import { settleLogin } from '../../../src/cli/monitor/settle-login.ts'

const bare: SambaSettings = {
  command: 'clp_sambamon',
  share: 'pub',
  address: '127.0.0.1',
  port: 445,
  user: undefined,
  password: undefined,
  domain: undefined,
  credentialsFile: undefined,
  encrypt: false,
}
const uid = process.getuid?.() ?? 0
const env = { CLP_FSMON_USER: 'e', CLP_FSMON_PASSWORD: 'ep', CLP_FSMON_DOMAIN: 'ED' }

t.test('nobody is named: nobody logs in', async (t) => {
  t.equal(settleLogin(bare, {}, uid), undefined)
  t.equal(settleLogin(bare, { CLP_FSMON_USER: '' }, uid), undefined)
})

t.test('the environment names one, the options win over it', async (t) => {
  t.strictSame(settleLogin(bare, env, uid), { user: 'e', password: 'ep', domain: 'ED' })
  t.strictSame(settleLogin({ ...bare, domain: 'D' }, env, uid)?.domain, 'D')
  t.strictSame(settleLogin({ ...bare, user: 'u' }, env, uid), {
    user: 'u',
    password: 'ep',
    domain: 'ED',
  })
  t.strictSame(settleLogin({ ...bare, user: 'u', password: 'p', domain: 'D' }, env, uid), {
    user: 'u',
    password: 'p',
    domain: 'D',
  })
})

t.test('a credentials file is the whole login, but for a domain that is asked for', async (t) => {
  const file = join(t.testdir(), 'cred')
  writeFileSync(file, 'username=f\npassword=fp\ndomain=FD\n')
  chmodSync(file, 0o600)
  const settings = { ...bare, credentialsFile: file }
  t.strictSame(settleLogin(settings, env, uid), { user: 'f', password: 'fp', domain: 'FD' })
  t.match(settleLogin({ ...settings, domain: 'D' }, {}, uid), { domain: 'D' })
})

t.test('a domain without a user is refused', async (t) => {
  const act = () => settleLogin({ ...bare, domain: 'D' }, {}, uid)
  t.throws(act, { name: 'ParameterError', problem: 'needs-with' })
})

t.test('a domain before the name is taken apart, and one that is given wins', async (t) => {
  const user = 'LAB\\watcher'
  t.match(settleLogin({ ...bare, user }, {}, uid), { user: 'watcher', domain: 'LAB' })
  t.match(settleLogin({ ...bare, user, domain: 'D' }, {}, uid), { user: 'watcher', domain: 'D' })
  t.match(settleLogin(bare, { CLP_FSMON_USER: user }, uid), { user: 'watcher', domain: 'LAB' })
  for (const odd of ['\\watcher', 'LAB\\']) {
    t.match(settleLogin({ ...bare, user: odd }, {}, uid), { user: odd })
  }
})
