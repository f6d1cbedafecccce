import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { alertIds } from '../helpers/alert-lines.ts'
import { runCommand } from '../helpers/command.ts'
import { licensed } from '../helpers/licensed.ts'
import { watchedNfs } from '../helpers/nfs-watch.ts'
import { shownRecord } from '../helpers/shown-record.ts'

t.setTimeout(120_000)

t.test('identifiers of 255 characters that differ in the last are two monitors', async (t) => {
  const nfs = await watchedNfs(t)
  const [one, two] = ['1', '2'].map((last) => `${'Ab0'.repeat(85).slice(1)}${last}`) as [
    string,
    string,
  ]
  t.equal(one.length, 255)
  const env = { CLP_FSMON_ROOT: join(nfs.env.CLP_FSMON_ROOT, 'deep'.repeat(30), 'er') }
  await licensed(env.CLP_FSMON_ROOT)
  const options = { env }
  const control = (id: string, word: string) => runCommand(t, 'clp_nfsmon', [id, word], options)
  const monitors = [nfs.start(one, [], options), nfs.start(two, [], options)] as const
  await Promise.all(monitors.map((monitor) => monitor.said(/ 2 INFO /)))
  t.match(await control(one, '-pause'), { status: 0 })
  t.match(await shownRecord(t, 'clp_nfsmon', one, options), { id: one, state: 'paused' })
  t.match(await shownRecord(t, 'clp_nfsmon', two, options), { id: two, state: 'watching' })
  const { out } = await runCommand(t, 'clp_fsmon', ['status', '--json'], options)
  t.ok(out.includes(one) && out.includes(two), 'status lists both')
  t.match(await control(one, '-continue'), { status: 0 })
  t.match(await nfs.start(one, [], options).ended, { status: 3 })
  t.match(await control(one, '-stop'), { status: 0 })
  t.match(await control(two, '-stop'), { status: 0 })
  t.strictSame(alertIds((await monitors[0].ended).err), [1, 2, 7, 8, 3])
  t.strictSame(alertIds((await monitors[1].ended).err), [1, 2, 3])
  t.match(await control(one, '-del'), { status: 0 })
  t.match(await control(two, '-del'), { status: 0 })
  t.strictSame(readdirSync(join(env.CLP_FSMON_ROOT, 'run/clp-fsmon')), [], 'nothing is left')
})
