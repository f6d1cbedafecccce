import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import { identityOf } from '../../src/registry/process-identity.ts'
import { endSession, membersOf } from '../../src/repair/session.ts'
import { systemClock } from '../../src/watch/clock.ts'
import { eventually } from '../helpers/eventually.ts'

/** A shell in a session of its own, of which nothing is left when the test is over. */
async function session(t: Test, script: string) {
  const child = spawn('/bin/sh', ['-c', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const leader = identityOf(child.pid ?? 0)
  if (leader === undefined) throw new Error('it does not run')
  t.teardown(() => {
    for (const pid of membersOf(leader)) process.kill(pid, 'SIGKILL')
  })
  await once(child.stdout, 'data')
  return { child, leader }
}

t.test('all of a session end that heed it, one that stands still too', async (t) => {
  const { leader } = await session(t, 'sleep 600 & kill -STOP $!; echo up; wait')
  await eventually('two are there', () => membersOf(leader).length === 2)
  t.equal(await endSession(leader, systemClock), true)
  t.same(membersOf(leader), [])
})

t.test(
  'who ignores it is killed, in a group of its own and without its leader as well',
  async (t) => {
    const script = `trap '' TERM; set -m; (trap '' TERM; while :; do sleep 600; done) & echo up; kill -KILL $$`
    const { child, leader } = await session(t, script)
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    t.ok(membersOf(leader).length > 0, 'they are found though their leader is gone')
    t.equal(await endSession(leader, systemClock), true)
    t.same(membersOf(leader), [])
  },
)

t.test('a number that somebody else has by now is left alone', async (t) => {
  const { leader } = await session(t, 'echo up; sleep 600')
  t.ok(membersOf(leader).length > 0)
  t.same(membersOf({ ...leader, startTicks: '1' }), [])
  t.same(membersOf({ ...leader, bootId: 'another' }), [])
  t.equal(await endSession({ ...leader, startTicks: '1' }, systemClock), true)
  t.ok(membersOf(leader).length > 0)
})
