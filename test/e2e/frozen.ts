import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { alertIds } from '../helpers/alert-lines.ts'
import { runCommand } from '../helpers/command.ts'
import { eventually } from '../helpers/eventually.ts'
import { watchedNfs } from '../helpers/nfs-watch.ts'
import { watchedSmb } from '../helpers/smb-watch.ts'
import { shownRecord } from '../helpers/shown-record.ts'

t.setTimeout(120_000)

const deadlineS = 2

/** SIGSTOP, and until it stands still. */
async function freeze(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  await eventually('it stands still', () => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T')
  })
}

const kinds = [
  { command: 'clp_nfsmon', serve: (t: Test) => watchedNfs(t) },
  { command: 'clp_sambamon', serve: (t: Test) => watchedSmb(t) },
] as const

for (const { command, serve } of kinds) {
  t.test(`${command} frozen past its deadline within a check blames nobody`, async (t) => {
    const server = await serve(t)
    const { env } = server
    const argv = ['-i', '1', '-c', '1', '-r', String(deadlineS)]
    const monitor = server.start('x', argv)
    await monitor.said(/ 2 INFO /)
    for (let round = 1; round <= 2; round += 1) {
      const seen = server.checks()
      server.fallSilent()
      await eventually('a check waits for its answer', () => server.checks() > seen)
      await freeze(monitor.pid)
      server.speak()
      // The time that passes is what this is about: longer than the check may take.
      await delay(deadlineS * 1000 + 500)
      process.kill(monitor.pid, 'SIGCONT')
      await eventually('the check is repeated, and succeeds', async () => {
        const shown = await shownRecord(t, command, 'x', { env })
        return server.checks() > seen + 1 && shown?.lastCheck?.verdict === 'ok'
      })
      t.match(await shownRecord(t, command, 'x', { env }), { state: 'watching', failures: 0 })
    }
    monitor.child.kill('SIGTERM')
    const { status, err } = await monitor.ended
    t.equal(status, 0)
    t.strictSame(alertIds(err), [1, 2, 3])
    const log = readFileSync(join(env.CLP_FSMON_ROOT, 'var/log/clp-fsmon/alert.log'), 'utf8')
    t.equal(log.split('verdict discarded, check repeated').length - 1, 2, 'and the log says why')
    t.notMatch(log, 'check failed')
  })

  t.test(`${command} frozen with a server that is dead finds it so all the same`, async (t) => {
    const server = await serve(t)
    const monitor = server.start('x', ['-i', '1', '-c', '1', '-r', String(deadlineS)])
    await monitor.said(/ 2 INFO /)
    const seen = server.checks()
    server.fallSilent()
    await eventually('a check waits for its answer', () => server.checks() > seen)
    await freeze(monitor.pid)
    await delay(deadlineS * 1000 + 500)
    process.kill(monitor.pid, 'SIGCONT')
    t.match(await monitor.ended, { status: 1 })
    t.ok(server.checks() - seen >= 3, 'after the check that did not count, two that did')
  })
}

t.test(
  'a monitor that is frozen past the end of its pause goes on as soon as it can',
  async (t) => {
    const server = await watchedNfs(t)
    const { env } = server
    const monitor = server.start('x', ['-i', '1', '-c', '1', '-r', String(deadlineS)])
    await monitor.said(/ 2 INFO /)
    t.match(await runCommand(t, 'clp_nfsmon', ['x', '-pause', '8'], { env }), { status: 0 })
    await freeze(monitor.pid)
    const shown = await shownRecord(t, 'clp_nfsmon', 'x', { env })
    t.equal(shown?.state, 'paused')
    const seen = server.checks()
    const until = shown?.pauseEnd?.untilUptimeMs ?? Infinity
    const uptimeMs = () => Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000
    await eventually('the pause should be over', () => uptimeMs() > until + 500)
    t.equal(server.checks(), seen, 'nobody watches')
    process.kill(monitor.pid, 'SIGCONT')
    await monitor.said(/ 8 INFO /)
    await eventually('it checks again', () => server.checks() > seen)
    monitor.child.kill('SIGTERM')
    const { status, err } = await monitor.ended
    t.equal(status, 0)
    t.strictSame(alertIds(err), [1, 2, 7, 8, 3])
  },
)
