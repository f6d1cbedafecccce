import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { runCommand, startCommand } from '../helpers/command.ts'
import { eventually } from '../helpers/eventually.ts'
import { watchedNfs, type WatchedNfs } from '../helpers/nfs-watch.ts'
import { shownRecord } from '../helpers/shown-record.ts'
import { watchedSmb, type WatchedSmb } from '../helpers/smb-watch.ts'

t.setTimeout(180_000)

const quick = ['-i', '1', '-c', '1', '-r', '20']

type Line = { kind: string; message: string; detail: Record<string, unknown>; id?: number }

function logOf({ CLP_FSMON_ROOT }: { CLP_FSMON_ROOT: string }): Line[] {
  const file = join(CLP_FSMON_ROOT, 'var/log/clp-fsmon/alert.log')
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

const kinds = [
  {
    command: 'clp_sambamon',
    serve: (t: Test): Promise<WatchedSmb | WatchedNfs> => watchedSmb(t),
    causes: [72],
  },
  {
    command: 'clp_nfsmon',
    serve: (t: Test): Promise<WatchedSmb | WatchedNfs> => watchedNfs(t),
    causes: [0, 66],
  },
] as const

for (const { command, serve, causes } of kinds) {
  t.test(`${command} ends in a drill as it would without its server, and says so`, async (t) => {
    const server = await serve(t)
    const { env } = server
    const monitor = server.start('x', quick)
    await monitor.said(/ 2 INFO /)
    const begun = await runCommand(t, command, ['x', '--drill', 'fault'], { env })
    t.match(begun, { status: 0, err: '', out: /drill 'fault' until / })
    t.match(await runCommand(t, 'clp_fsmon', ['status'], { env }), { out: /DRILL fault until/ })
    const { status, err } = await monitor.ended
    t.equal(status, 1)
    t.match(err, / 6 ERROR DRILL: The clp_\w+mon will terminate\./)
    const alerts = logOf(env).filter(({ kind }) => kind === 'alert')
    const marked = alerts.filter(({ detail }) => detail['drill'] === 'fault')
    t.strictSame(
      marked.map(({ id }) => id),
      [...causes, 6],
    )
    t.strictSame(
      alerts.slice(0, -marked.length).map(({ id }) => id),
      [1, 2],
    )
    for (const { message } of marked) t.match(message, /^DRILL: /)
    for (const { message, detail } of logOf(env)) {
      t.equal(message.startsWith('DRILL: '), detail['drill'] !== undefined, message)
    }
    const record = await shownRecord(t, command, 'x', { env })
    t.match(record?.ended, { how: 'abnormal', exitStatus: 1, drill: 'fault' })
    t.match(record?.lastCheck?.reason, /DRILL: the server answered in/)
    const shown = await runCommand(t, command, ['x', '-disp', '--lang', 'ja'], { env })
    t.match(shown.out, /DRILL\(訓練、fault\)/)
    const again = server.start('x', quick)
    await again.said(/ 2 INFO /)
    t.notOk((await shownRecord(t, command, 'x', { env }))?.drill, 'the next one is in no drill')
    t.match(await runCommand(t, command, ['x', '-stop'], { env }), { status: 0 })
    t.notMatch((await again.ended).err, 'DRILL')
  })
}

t.test('a drill is refused, ended, and over with a pause, each as it is said', async (t) => {
  const server = await watchedSmb(t)
  const { env } = server
  const monitor = server.start('x', ['-i', '1', '-c', '10000', '-r', '60'])
  await monitor.said(/ 2 INFO /)
  const run = (...words: string[]) => runCommand(t, 'clp_sambamon', ['x', ...words], { env })
  const drill = async () => (await shownRecord(t, 'clp_sambamon', 'x', { env }))?.drill
  t.match(await run('--drill', 'end'), { status: 3, err: /no drill is under way/ })
  t.match(await run('--drill', 'timeout', '--drill-seconds', '600'), { status: 0 })
  t.match(await drill(), { kind: 'timeout' })
  t.match(await run('--drill', 'slow'), { status: 3, err: /a drill is under way/ })
  t.match(await run('--drill', 'slow', '--lang', 'ja'), { status: 3, err: /すでに訓練中/ })
  t.match(await run('-disp'), { out: /^drill: DRILL timeout until /m })
  t.match(await run('--drill', 'end'), { status: 0, out: /has been ended/ })
  t.notOk(await drill())
  t.match(await run('--drill', 'fault'), { status: 0 })
  await monitor.said(/DRILL: check failed, 1 of 10001/)
  t.match(await run('-pause'), { status: 0 })
  t.notOk(await drill(), 'a pause ends it')
  t.match(await run('--drill', 'fault'), { status: 3, err: /it is paused/ })
  t.match(await run('-continue'), { status: 0 })
  await eventually('it finds the server well', async () => {
    const record = await shownRecord(t, 'clp_sambamon', 'x', { env })
    return record?.state === 'watching' && record.lastCheck?.verdict === 'ok'
  })
  t.match(await run('--drill', 'fault', '--drill-seconds', '1'), { status: 0 })
  await monitor.said(/DRILL: the drill is over: its time is up/)
  t.match(await run('--drill', 'slow'), { status: 0 })
  t.match(await run('-stop'), { status: 0 })
  const { status, err } = await monitor.ended
  t.equal(status, 0)
  t.match(err, / 3 INFO The clp_sambamon will stop/, 'a stop is no part of a drill')
  t.notOk((await shownRecord(t, 'clp_sambamon', 'x', { env }))?.ended?.drill)
  t.match(await run('--drill', 'fault'), { status: 3, err: /is not running/ })
})

t.test(
  'a server that falls silent in a drill is found as without one, and nothing of that is marked',
  async (t) => {
    const server = await watchedSmb(t)
    const { env } = server
    const monitor = server.start('x', ['-i', '1', '-c', '1', '-r', '1'])
    await monitor.said(/ 2 INFO /)
    const words = ['x', '--drill', 'slow', '--drill-seconds', '600']
    t.match(await runCommand(t, 'clp_sambamon', words, { env }), { status: 0 })
    server.fallSilent()
    t.match(await monitor.ended, { status: 1, err: / 6 ERROR The clp_sambamon will terminate\./ })
    const record = await shownRecord(t, 'clp_sambamon', 'x', { env })
    t.match(record?.ended, { how: 'abnormal', drill: undefined })
    t.equal(record?.drill, undefined)
  },
)

t.test('one of many is drilled by itself, or all of them together', async (t) => {
  const server = await watchedSmb(t)
  const { env } = server
  const port = server.server.port
  const file = join(env.CLP_FSMON_ROOT, 'many.toml')
  const watch = (id: string) =>
    `[[watch]]\nid = "${id}"\nkind = "samba"\nshare = "pub"\nport = ${port}\ninterval = 1\nretries = 10000\nwait = 20\n`
  writeFileSync(file, `exit-on = "all"\n${watch('a')}${watch('b')}`)
  const process = startCommand(t, 'clp_fsmon', ['run', file], { env })
  const seen = (id: string) => shownRecord(t, 'clp_sambamon', id, { env })
  for (const id of ['a', 'b']) {
    await eventually(`${id} watches`, async () => (await seen(id))?.state === 'watching')
  }
  const ask = (command: string, ...words: string[]) => runCommand(t, command, words, { env })
  t.match(await ask('clp_sambamon', 'a', '--drill', 'fault'), { status: 0 })
  t.match(await seen('a'), { drill: { kind: 'fault' } })
  t.equal((await seen('b'))?.drill, undefined)
  t.match(await ask('clp_fsmon', 'many', '--drill', 'slow'), { status: 3, err: /under way/ })
  t.equal((await seen('b'))?.drill, undefined, 'all, or none')
  t.match(await ask('clp_sambamon', 'a', '--drill', 'end'), { status: 0 })
  await eventually('a is well again', async () => (await seen('a'))?.state === 'watching')
  t.match(await ask('clp_fsmon', 'many', '--drill', 'fault'), { status: 0 })
  for (const id of ['a', 'b']) t.match(await seen(id), { drill: { kind: 'fault' } })
  t.match(await ask('clp_fsmon', 'many', '--drill', 'end'), { status: 0 })
  t.match(await ask('clp_fsmon', 'many', '--drill', 'end'), { status: 3 })
  t.match(await ask('clp_fsmon', 'many', '-stop'), { status: 0 })
  t.match(await process.ended, { status: 0 })
})

t.test('a process whose watch is lost in a drill says so in both records', async (t) => {
  const server = await watchedSmb(t)
  const { env } = server
  const port = server.server.port
  const file = join(env.CLP_FSMON_ROOT, 'few.toml')
  const head = `[[watch]]\nid = "a"\nkind = "samba"\nshare = "pub"\nport = ${port}\n`
  writeFileSync(file, `${head}interval = 1\nretries = 1\nwait = 20\n`)
  const process = startCommand(t, 'clp_fsmon', ['run', file], { env })
  const seen = (command: 'clp_sambamon' | 'clp_fsmon', id: string) =>
    shownRecord(t, command, id, { env })
  await eventually(
    'it watches',
    async () => (await seen('clp_sambamon', 'a'))?.state === 'watching',
  )
  const asked = await runCommand(t, 'clp_sambamon', ['a', '--drill', 'fault'], { env })
  t.match(asked, { status: 0 })
  const ended = await process.ended
  t.match(ended, { status: 1, err: / DRILL: the process ends with a/ })
  t.match((await seen('clp_sambamon', 'a'))?.ended, { how: 'abnormal', drill: 'fault' })
  t.match((await seen('clp_fsmon', 'few'))?.ended, { how: 'abnormal', drill: 'fault' })
})
