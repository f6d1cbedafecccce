import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { fsmonMain } from '../../../src/cli/fsmon/fsmon-main.ts'
import { LicenseServer, machineIds } from '../../helpers/license-server.ts'

t.test('clp_fsmon report makes an archive in which no key is', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  await server.run(['--community'])
  const file = server.path('report.tar.gz')
  let said = ''
  const run = async (uid: number, env: Record<string, string>, ...words: string[]) => {
    said = ''
    const say = (text: string) => void (said += text)
    const io = { out: say, err: say, env: { LANG: 'C', ...env }, uid, hostName: () => 'node1' }
    return fsmonMain(['report', ...words], io)
  }
  const env = { CLP_FSMON_ROOT: server.root }
  t.equal(await run(1000, {}, '-o', file), 4)
  t.notOk(existsSync(file))
  t.equal(await run(1000, env, '-o', file), 0, said)
  t.match(said, /index|versions\.txt/)
  const all = execFileSync('tar', ['xzOf', file], { encoding: 'utf8' })
  t.match(all, /FSMON20 +CM\d{6}/)
  t.notMatch(all, /[0-9A-Za-z]{8}(-[0-9A-Za-z]{8}){3}/)
  t.equal(await run(0, env, '-o', file), 5)
  t.match(said, /EEXIST/)
  server.write('var/lib/clp-fsmon/license.json', 'damaged')
  const second = join(server.root, 'second.tar.gz')
  t.equal(await run(0, env, '-o', second), 0)
  const license = ['xzOf', second, 'clp-fsmon-report/license.txt']
  t.match(execFileSync('tar', license, { encoding: 'utf8' }), /it is damaged/)
})
