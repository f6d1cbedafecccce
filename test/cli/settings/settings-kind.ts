import { join } from 'node:path'
import t from 'tap'
import { readSettingsFile } from '../../../src/cli/settings/settings-kind.ts'

t.test(
  'a file that is gone between two looks is as none; what is not TOML says nothing',
  async (t) => {
    const root = t.testdir({ 'f.toml': '[defaults]\nwait = 3\n', 'broken.toml': '[' })
    t.equal(await readSettingsFile(join(root, 'none')), undefined)
    const found = await readSettingsFile(join(root, 'f.toml'))
    t.match(found, { isThere: true, defaults: { clp_nfsmon: { wait: { value: 3, line: 2 } } } })
    t.match(found?.sinks, { webhook: [], exec: [], stderr: { enabled: true } })
    const broken = await readSettingsFile(join(root, 'broken.toml'))
    t.match(broken, { isThere: true, defaults: { clp_nfsmon: {} }, sinks: undefined })
  },
)
