import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Registry } from '../../src/registry/registry.ts'
import { startCommand } from '../helpers/command.ts'
import { eventually } from '../helpers/eventually.ts'
import { processorGroup } from '../helpers/processor-group.ts'
import { type WatchedSmb, watchedSmb } from '../helpers/smb-watch.ts'

t.setTimeout(600_000)

/** What the guard has said so far. */
function said({ env }: WatchedSmb): string[] {
  const text = readFileSync(join(env.CLP_FSMON_ROOT, 'var/log/clp-fsmon/alert.log'), 'utf8')
  return text
    .split('\n')
    .slice(0, -1)
    .map((line): { id?: number; monitor?: string; message: string } => JSON.parse(line))
    .filter(({ id, message }) => id === 130 || id === 131 || message.startsWith('guard: '))
    .map(({ id, monitor, message }) => `${id ?? '-'} ${monitor} ${message}`)
}

async function hasEnded({ env }: WatchedSmb, id: string): Promise<boolean> {
  const entry = await new Registry(join(env.CLP_FSMON_ROOT, 'run/clp-fsmon')).read(id)
  return entry.kind === 'ended'
}

t.test(
  'one that gets no time of a processor is found before it can give its server up',
  async (t) => {
    const server = await watchedSmb(t)
    // A thousandth of a processor, in which a check takes ten seconds and more.
    const group = processorGroup(t, 1000)
    if (group === undefined) {
      t.pass('no control group of processors can be had here')
      return
    }
    const monitor = server.start('x', ['-i', '1', '-c', '1', '-r', '2', '--retry-interval', '1'])
    await monitor.said(/ 2 INFO /)
    const guard = startCommand(t, 'clp_fsmon', ['guard', '--watch', '-i', '1'], { env: server.env })
    await guard.said(/every 1 s/)
    group.take(monitor.pid)
    await eventually('it is found', () => said(server).length > 0, 240_000)
    t.match(said(server), [/^131 x A monitor does not go on as it should: x \(process \d+\) /])
    t.notOk(await hasEnded(server, 'x'), 'its server is not given up yet')
    group.free()
    await eventually('it is over', () => said(server).length > 1, 120_000)
    t.match(said(server)[1], /^- x guard: 131 is over: x /)
    t.equal(monitor.child.exitCode, null, 'it watches on')
    guard.child.kill('SIGTERM')
    t.equal((await guard.ended).status, 0)
    monitor.child.kill('SIGTERM')
    t.equal((await monitor.ended).status, 0)
  },
)
