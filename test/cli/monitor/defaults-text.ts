import t from 'tap'
import { defaultsText } from '../../../src/cli/monitor/defaults-text.ts'

t.test(
  'values of the configuration are shown with their lines, in the order of the file',
  async (t) => {
    const defaults = {
      wait: { value: 9, key: 'defaults.wait', line: 7 },
      encrypt: { value: true, key: 'defaults.samba.encrypt', line: 2 },
    }
    const expected =
      'Settings from /f: defaults.samba.encrypt = true (line 2), defaults.wait = 9 (line 7)\n'
    t.equal(await defaultsText('/f', defaults, 'en'), expected)
    t.match(await defaultsText('/f', defaults, 'ja'), '7 行目')
    t.equal(await defaultsText('/f', {}, 'en'), '')
  },
)
