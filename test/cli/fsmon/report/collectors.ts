import { execFileSync } from 'node:child_process'
import t from 'tap'
import { collectors } from '../../../../src/cli/fsmon/report/collectors.ts'
import { runScript } from '../../../../src/cli/fsmon/report/run-script.ts'
import { layoutUnder } from '../../../../src/registry/layout.ts'

t.test(
  'every collector fills a file of its own, with a script that a shell can read',
  async (t) => {
    const all = collectors(layoutUnder('/nowhere'))
    t.equal(new Set(all.map(({ file }) => file)).size, all.length)
    for (const { script, file } of all) {
      t.doesNotThrow(() => execFileSync('sh', ['-n'], { input: script, stdio: 'pipe' }), file)
    }
  },
)

t.test('records, logs and the configuration are taken from where they lie', async (t) => {
  const root = t.testdir({
    run: { 'clp-fsmon': { 'one.json': '{"id":"one"}', 'one.sock': t.fixture('dir', {}) } },
    var: { log: { 'clp-fsmon': { 'alert.log': `${'x\n'.repeat(300)}last\n`, 'b c.log': 'b' } } },
    etc: { 'clp-fsmon': { 'clp-fsmon.toml': '[license]\n' } },
  })
  const found = new Map<string, string>()
  for (const { file, script, args } of collectors(layoutUnder(root))) {
    if (!['records.txt', 'alerts.txt', 'logs.txt', 'configuration.txt'].includes(file)) continue
    found.set(file, (await runScript(script, args, AbortSignal.timeout(60_000))).output)
  }
  t.match(found.get('records.txt'), /one\.json <==\n\{"id":"one"\}/)
  t.notMatch(found.get('records.txt'), 'one.sock')
  t.equal(found.get('alerts.txt')?.split('\n').length, 201)
  t.match(found.get('logs.txt'), /b c\.log <==\nb/)
  t.match(found.get('configuration.txt'), '[license]')
})
