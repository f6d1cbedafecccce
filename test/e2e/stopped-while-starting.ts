import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { layoutUnder } from '../../src/registry/layout.ts'
import type { MonitorRecord } from '../../src/registry/record.ts'
import { startCommand } from '../helpers/command.ts'
import { eventually } from '../helpers/eventually.ts'
import { licensed } from '../helpers/licensed.ts'

const count = 300

t.test('a process that is stopped while it starts leaves no ID taken', async (t) => {
  const root = t.testdir()
  await licensed(root)
  const file = join(root, 'all.toml')
  // Nobody listens there, but nothing of that is judged before the end.
  const watch = (at: number) =>
    `[[watch]]\nid = "w${at}"\nkind = "samba"\nshare = "x"\naddress = "127.0.0.1"\nport = 9\n`
  writeFileSync(file, Array.from({ length: count }, (_, at) => watch(at)).join(''))
  const { run } = layoutUnder(root)
  const records = () => {
    try {
      return readdirSync(run).filter((name) => name.endsWith('.json'))
    } catch {
      return []
    }
  }
  const command = startCommand(t, 'clp_fsmon', ['run', file], { env: { CLP_FSMON_ROOT: root } })
  await eventually('some are registered', () => records().length > 20)
  command.child.kill('SIGTERM')
  t.match(await command.ended, { status: 0, signal: null })
  const all = records().map(
    (name) => JSON.parse(readFileSync(join(run, name), 'utf8')) as MonitorRecord,
  )
  t.strictSame(
    all.filter(({ ended }) => ended?.how !== 'stopped').map(({ id }) => id),
    [],
    'each record says that it has ended',
  )
})
