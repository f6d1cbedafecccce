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
