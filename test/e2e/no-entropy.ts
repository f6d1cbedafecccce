import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { join } from 'node:path'
import t from 'tap'
import { alertIds } from '../helpers/alert-lines.ts'
import { eventually } from '../helpers/eventually.ts'
import { watchedSmb } from '../helpers/smb-watch.ts'
import { skipWithoutStrace } from '../helpers/system-calls.ts'

t.setTimeout(120_000)

const skip = skipWithoutStrace()
const inject = ['-f', '-qqq', '-e', 'trace=getrandom', '-e', 'inject=getrandom:error=EAGAIN']

t.test(
  'a monitor that gets no more random bytes from the kernel goes on watching',
  { skip },
  async (t) => {
    const smb = await watchedSmb(t)
    const monitor = smb.start('x', ['-i', '1', '-c', '1', '-r', '10'])
    await monitor.said(/ 2 INFO /)
    const tracer = spawn('strace', ['-p', String(monitor.pid), ...inject, '-o', '/dev/null'])
    t.teardown(() => tracer.kill('SIGKILL'))
    await eventually('it is traced', () => {
      const status = readFileSync(`/proc/${monitor.pid}/status`, 'utf8')
      return /^TracerPid:\t[1-9]/m.test(status)
    })
    const seen = smb.checks()
    await eventually('it goes on checking', () => smb.checks() > seen + 2)
    tracer.kill('SIGTERM')
    await once(tracer, 'exit')
    monitor.child.kill('SIGTERM')
    const { status, err } = await monitor.ended
    t.equal(status, 0)
    t.strictSame(alertIds(err), [1, 2, 3])
    t.notMatch(err, 'check failed')
  },
)

t.test(
  'a monitor started where there are none does not say that the server failed',
  { skip },
  async (t) => {
    const smb = await watchedSmb(t)
    const log = join(smb.env.CLP_FSMON_ROOT, 'calls')
    const monitor = smb.start('x', ['-i', '1', '-c', '1', '-r', '10'], {
      via: ['strace', '-D', ...inject, '-o', log],
    })
    // Node itself gives up, waits for them or goes on without: which of these is not ours to say.
    const { status } = await Promise.race([
      monitor.ended,
      monitor.said(/ 2 INFO /).then(
        () => ({ status: 0 }),
        () => monitor.ended,
      ),
      delay(8000).then(() => ({ status: null })),
    ])
    t.match(readFileSync(log, 'latin1'), 'INJECTED')
    t.comment(`ended with ${status}`)
    t.not(status, 1)
    t.notOk(alertIds(monitor.err()).includes(6))
  },
)
