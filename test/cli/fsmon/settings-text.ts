import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { settingsText } from '../../../src/cli/fsmon/settings-text.ts'
import { loadConfigTexts } from '../../../src/cli/settings/config-texts.ts'
import { readSettings } from '../../../src/cli/settings/settings.ts'
import { configured } from '../../helpers/configured.ts'

t.test('sinks are shown without what may be a secret', async (t) => {
  const root = t.testdir({ key: 'geheim-geheim-geheim' })
  chmodSync(join(root, 'key'), 0o600)
  const text = `
    [license]
    shared = "/mnt/l"
    [sink]
    stderr.level = "error"
    [[sink.webhook]]
    name = "pager"
    url = "https://hooks.example.com/T0/geheim?token=geheim"
    secret-file = "${root}/key"
    levels = ["error"]
    ids = [6, 66]
    [[sink.webhook]]
    name = "plain"
    url = "http://a/"
    [[sink.exec]]
    name = "sms"
    command = ["/usr/bin/sms", "--token", "geheim"]
    modules = ["nfsmon"]`
  const settings = await readSettings(configured(root, text))
  t.strictSame(settings.problems, [])
  const shown = settingsText(settings, await loadConfigTexts('en'))
  t.notMatch(shown, 'geheim')
  for (const expected of [
    /shared {2}\/mnt\/l/,
    /stderr +enabled = true, level = error/,
    /url = https:\/\/hooks\.example\.com\/\(kept secret\)/,
    new RegExp(`secret-file = ${root}/key, levels = error, ids = 6 66`),
    /command = \/usr\/bin\/sms \(kept secret\), timeout = 10, modules = nfsmon/,
  ]) {
    t.match(shown, expected)
  }
})

t.test('without a file every place gets everything', async (t) => {
  const settings = await readSettings(join(t.testdir(), 'none'))
  const shown = settingsText(settings, await loadConfigTexts('en'))
  t.match(shown, /syslog +enabled = true, level = info/)
  t.match(shown, /log +level = info/)
  t.match(shown, /shared {2}none/)
})

t.test('repairs are shown where there are any', async (t) => {
  const texts = await loadConfigTexts('en')
  const shown = async (text: string) =>
    settingsText(await readSettings(configured(t.testdir(), text)), texts)
  t.notMatch(await shown('[repair]\ntotal = 9\n'), /^repair$/m)
  const step = '[[repair.step]]\nuse = "restart-smbd"\n'
  const text = await shown(`[repair]\nper-hour = 2\n${step}`)
  t.match(text, /enabled = true, per-hour = 2, per-day = 10, total = 180, settle = 10, wait = 180/)
  t.match(text, /^ {2}steps {2}restart-smbd$/m)
})
