import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, uptime } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { Registry } from '../../src/registry/registry.ts'
import type { MonitorRecord } from '../../src/registry/record.ts'
import { patienceMs } from '../../src/view/overdue.ts'
import { runCommand, startCommand } from '../helpers/command.ts'
import { eventually } from '../helpers/eventually.ts'
import { watchedSmb, type WatchedSmb } from '../helpers/smb-watch.ts'

t.setTimeout(600_000)

/** One look, and what it found: trouble and ID. */
async function look(
  t: Test,
  { env }: WatchedSmb,
): Promise<{ status: number | null; found: string[] }> {
  const { status, out, err } = await runCommand(t, 'clp_fsmon', ['guard', '--json'], { env })
  t.match(out, /^\{/, err)
  const { found }: { found: { trouble: string; id: string }[] } = JSON.parse(out)
  return { status, found: found.map(({ trouble, id }) => `${trouble} ${id}`) }
}

/** What the guard has said so far. */
function said({ env }: WatchedSmb): string[] {
  const path = join(env.CLP_FSMON_ROOT, 'var/log/clp-fsmon/alert.log')
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line): { id?: number; monitor?: string; message: string } => JSON.parse(line))
    .filter(({ id, message }) => id === 130 || id === 131 || message.startsWith('guard: '))
    .map(({ id, monitor, message }) => `${id ?? '-'} ${monitor} ${message}`)
}

async function recordOf({ env }: WatchedSmb, id: string): Promise<MonitorRecord | undefined> {
  const entry = await new Registry(join(env.CLP_FSMON_ROOT, 'run/clp-fsmon')).read(id)
  return 'record' in entry ? entry.record : undefined
}

t.test('one that was killed is found as vanished, until it is started again', async (t) => {
  const server = await watchedSmb(t)
  const monitor = server.start('x', ['-i', '1', '-c', '1', '-r', '2'])
  await monitor.said(/ 2 INFO /)
  t.strictSame(await look(t, server), { status: 0, found: [] })
  monitor.child.kill('SIGKILL')
  await monitor.ended
  t.strictSame(await look(t, server), { status: 1, found: ['vanished x'] })
  t.strictSame(await look(t, server), { status: 1, found: ['vanished x'] })
  const who = `x (process ${monitor.pid})`
  const alert = `130 x A monitor has vanished without having ended: ${who}.`
  t.strictSame(said(server), [alert], 'once')
  const again = server.start('x', ['-i', '1', '-c', '1', '-r', '2'])
  await again.said(/ 2 INFO /)
  t.strictSame(await look(t, server), { status: 0, found: [] })
  t.strictSame(said(server), [alert, `- x guard: 130 is over: ${who}`])
  again.child.kill('SIGTERM')
  t.equal((await again.ended).status, 0)
  t.strictSame(await look(t, server), { status: 0, found: [] }, 'who has ended has not vanished')
})

t.test('one that stands still is found by a loop, and is well when it goes on', async (t) => {
  const server = await watchedSmb(t)
  const monitor = server.start('x', ['-i', '1', '-c', '1', '-r', '1', '--retry-interval', '1'])
  await monitor.said(/ 2 INFO /)
  const guard = startCommand(t, 'clp_fsmon', ['guard', '--watch', '-i', '1'], { env: server.env })
  await guard.said(/every 1 s/)
  await eventually(
    'it is watching',
    async () => (await recordOf(server, 'x'))?.state === 'watching',
  )
  process.kill(monitor.pid, 'SIGSTOP')
  await eventually('it is found', () => said(server).length > 0, 120_000)
  t.match(said(server), [/^131 x A monitor does not go on as it should: x \(process \d+\) hangs, /])
  process.kill(monitor.pid, 'SIGCONT')
  await eventually('it is over', () => said(server).length > 1, 120_000)
  t.match(said(server)[1], /^- x guard: 131 is over: x /)
  guard.child.kill('SIGTERM')
  t.equal((await guard.ended).status, 0)
  monitor.child.kill('SIGTERM')
  t.equal((await monitor.ended).status, 0)
})

t.test('one that gets no time for its checks again and again is found to run late', async (t) => {
  const server = await watchedSmb(t)
  const monitor = server.start('x', ['-i', '30', '-c', '1', '-r', '1'])
  await monitor.said(/ 2 INFO /)
  /** Keeps it from its next check for longer than is bearable, and lets that one end. */
  const starve = async () => {
    await eventually('a check is planned', async () => {
      return (await recordOf(server, 'x'))?.nextCheck !== undefined
    })
    const before = await recordOf(server, 'x')
    if (before?.uptimeMs === undefined) throw new Error('no uptime in the record')
    process.kill(monitor.pid, 'SIGSTOP')
    const until = before.uptimeMs + 30_000 + patienceMs(before) + 2000
    await delay(Math.max(0, until - uptime() * 1000))
    process.kill(monitor.pid, 'SIGCONT')
    await eventually('its check has ended', async () => {
      const now = await recordOf(server, 'x')
      return now?.lastCheck?.at !== before.lastCheck?.at && now?.nextCheck !== undefined
    })
    const { lastCheck } = (await recordOf(server, 'x')) ?? {}
    t.ok((lastCheck?.lateMs ?? 0) > patienceMs(before), `late by ${lastCheck?.lateMs} ms`)
  }
  await starve()
  t.strictSame(await look(t, server), { status: 0, found: [] }, 'once may happen')
  await starve()
  t.strictSame(await look(t, server), { status: 1, found: ['late x'] })
  t.match(said(server), [/^131 x .*: x \(process \d+\) runs late, by \d+ s\.$/])
  monitor.child.kill('SIGTERM')
  t.equal((await monitor.ended).status, 0)
})

t.test('of many in one process that is gone all are one alert', async (t) => {
  const server = await watchedSmb(t)
  const list = Array.from(
    { length: 20 },
    (_, index) =>
      `[[watch]]\nid = "w${index}"\nkind = "samba"\naddress = "127.0.0.1"\nshare = "pub"\nport = ${server.server.port}\n`,
  ).join('')
  const file = join(server.env.CLP_FSMON_ROOT, 'list.toml')
  writeFileSync(file, list)
  const argv = ['run', file, '--id', 'many']
  const fleet = startCommand(t, 'clp_fsmon', argv, { env: server.env })
  await eventually('all are watched', async () => {
    const entries = await new Registry(join(server.env.CLP_FSMON_ROOT, 'run/clp-fsmon')).list()
    return entries.size === 21
  })
  t.strictSame(await look(t, server), { status: 0, found: [] })
  fleet.child.kill('SIGKILL')
  await fleet.ended
  t.strictSame(await look(t, server), { status: 1, found: ['vanished many'] })
  t.match(said(server), [/^130 many .*: many with w\d+, .* and 15 more \(process \d+\)\.$/])
})

t.test('of a host whose processors are busy nothing is said', async (t) => {
  const server = await watchedSmb(t)
  const busy = Array.from({ length: availableParallelism() * 2 }, () =>
    spawn('timeout', ['120', 'sh', '-c', 'while :; do :; done'], { stdio: 'ignore' }),
  )
  t.teardown(() => {
    for (const one of busy) one.kill('SIGTERM')
  })
  const ids = ['a', 'b', 'c', 'd']
  const monitors = ids.map((id) => server.start(id, ['-i', '1', '-c', '1', '-r', '10']))
  await Promise.all(monitors.map((monitor) => monitor.said(/ 2 INFO /)))
  const guard = startCommand(t, 'clp_fsmon', ['guard', '--watch', '-i', '1'], { env: server.env })
  await guard.said(/every 1 s/)
  const seen = server.checks()
  await eventually('many checks', () => server.checks() > seen + 60, 120_000)
  guard.child.kill('SIGTERM')
  t.equal((await guard.ended).status, 0)
  t.strictSame(said(server), [])
  for (const { child } of monitors) child.kill('SIGTERM')
})
