import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { ProcessIdentity } from '../../src/registry/process-identity.ts'
import { runStep, type StepRun } from '../../src/repair/run-step.ts'
import { membersOf } from '../../src/repair/session.ts'
import { systemClock } from '../../src/watch/clock.ts'
import { eventually } from '../helpers/eventually.ts'

/** Runs a script of the shell as a step. */
function run(t: Test, script: string, more: Partial<StepRun> = {}) {
  const seen: { leader?: ProcessIdentity } = {}
  const over = new AbortController()
  const ended = runStep({
    command: ['/bin/sh', '-c', script],
    limitMs: 60_000,
    env: { CLP_FSMON_ID: 'w1' },
    clock: systemClock,
    signal: over.signal,
    onStart: (leader) => {
      seen.leader = leader
    },
    ...more,
  })
  t.teardown(() => {
    if (seen.leader === undefined) return
    for (const pid of membersOf(seen.leader)) process.kill(pid, 'SIGKILL')
  })
  return { seen, over, ended }
}

t.test('a step has a session and an environment of its own, and nothing to read', async (t) => {
  process.env['SECRET_OF_OURS'] = 'kept'
  t.teardown(() => {
    delete process.env['SECRET_OF_OURS']
  })
  const file = join(t.testdir(), 'seen')
  const script = `
    /usr/bin/env > ${file}
    echo "cwd $(pwd) umask $(umask)" >> ${file}
    echo "read [$(cat)]" >> ${file}
    echo "session $(cut -d' ' -f6 /proc/$$/stat) $$" >> ${file}`
  const { seen, ended } = run(t, script)
  t.match(await ended, { how: 'done', why: 'exit 0', isStuck: false })
  const text = readFileSync(file, 'utf8')
  t.match(text, /^PATH=\/usr\/sbin:\/usr\/bin:\/sbin:\/bin$/m)
  t.match(text, /^CLP_FSMON_ID=w1$/m)
  t.notMatch(text, /SECRET_OF_OURS|HOME=/)
  t.match(text, /^cwd \/ umask 0022$/m)
  t.match(text, /^read \[\]$/m)
  t.match(text, new RegExp(`^session ${seen.leader?.pid} ${seen.leader?.pid}$`, 'm'))
})

t.test('the umask of this process stays as it was', async (t) => {
  const before = process.umask(0o077)
  t.teardown(() => process.umask(before))
  await run(t, ':').ended
  t.equal(process.umask(0o077), 0o077)
})

t.test('a step that fails says how, and its last lines', async (t) => {
  const end = await run(t, 'echo one; echo two >&2; exit 3').ended
  t.match(end, { how: 'failed', why: 'exit 3' })
  t.same(end.output.toSorted(), ['one', 'two'])
  t.match(await run(t, 'kill -KILL $$').ended, { how: 'failed', why: 'SIGKILL' })
})

t.test('of a step that fails nothing goes on', async (t) => {
  const { seen, ended } = run(t, 'sleep 600 & exit 1')
  t.match(await ended, { how: 'failed' })
  t.same(seen.leader && membersOf(seen.leader), [])
})

t.test('what a step that succeeds has started goes on, and may print', async (t) => {
  const file = join(t.testdir(), 'alive')
  const script = `(while :; do echo line; [ -e ${file}.go ] && echo yes > ${file}; sleep 0.05; done) & exit 0`
  const { seen, ended } = run(t, script)
  t.match(await ended, { how: 'done' })
  writeFileSync(`${file}.go`, '')
  await eventually('it did not die of what it printed', () => existsSync(file))
  t.ok(seen.leader && membersOf(seen.leader).length > 0)
})

t.test('a step that hangs ends at its limit, with children that ignore being asked', async (t) => {
  const script = `trap '' TERM; (trap '' TERM; while :; do sleep 600; done) & while :; do sleep 600; done`
  const { seen, ended } = run(t, script, { limitMs: 300 })
  const end = await ended
  t.match(end, { how: 'too-long', why: 'it did not end within 0.3 s', isStuck: false })
  t.ok(end.ms >= 300)
  t.same(seen.leader && membersOf(seen.leader), [])
})

t.test('a step that nobody wants any more is ended', async (t) => {
  const { seen, over, ended } = run(t, 'sleep 600')
  await eventually('it runs', () => seen.leader !== undefined)
  over.abort()
  t.match(await ended, { how: 'interrupted', isStuck: false })
  t.same(seen.leader && membersOf(seen.leader), [])
  const never = run(t, 'sleep 600', { signal: over.signal })
  t.match(await never.ended, { how: 'interrupted' })
  t.equal(never.seen.leader, undefined)
})

t.test('of huge output the end is kept', async (t) => {
  const end = await run(t, 'yes 0123456789 | head -c 20000000; echo; echo the end').ended
  t.equal(end.how, 'done')
  t.ok(end.output.length <= 10)
  t.ok(end.output.join('').length <= 2000)
  t.equal(end.output.at(-1), 'the end')
})

t.test('what is not a program that root alone may write is not run', async (t) => {
  const directory = t.testdir({ open: '#!/bin/sh\n', plain: 'no program' })
  chmodSync(join(directory, 'open'), 0o777)
  chmodSync(join(directory, 'plain'), 0o600)
  const started: ProcessIdentity[] = []
  for (const [command, why] of [
    [join(directory, 'open'), /may be written by others/],
    [directory, /is not a file/],
    [join(directory, 'none'), /does not exist/],
    [join(directory, 'plain'), /may not be executed/],
  ] as const) {
    const { ended } = run(t, '', { command: [command], onStart: (leader) => started.push(leader) })
    const end = await ended
    t.equal(end.how, 'not-started')
    t.match(end.why, why)
  }
  t.same(started, [])
})

/** Time that is up at once, before any thread can have begun. */
const noTime = {
  ...systemClock,
  setTimer: (_: number, callback: () => void) => {
    callback()
    return () => undefined
  },
}

t.test('a program that does not let itself be looked at in time is not run', async (t) => {
  const outstanding = new Set<Promise<unknown>>()
  const file = join(t.testdir(), 'begun')
  const end = await run(t, `echo >${file}`, { clock: noTime, outstanding }).ended
  t.match(end, { how: 'not-started', why: '/bin/sh lies on a disk that does not answer' })
  await Promise.all(outstanding)
  t.equal(existsSync(file), false)
})

t.test('what is begun stands written down before, and is not begun where it cannot', async (t) => {
  const file = join(t.testdir(), 'begun')
  const seen: boolean[] = []
  const onStart = (leader: ProcessIdentity) => {
    seen.push(existsSync(file), membersOf(leader).length > 0)
    throw new Error('no room')
  }
  const end = await run(t, `echo >${file}`, { onStart }).ended
  t.match(end, { how: 'not-started', why: /no room/, isStuck: false })
  t.strictSame(seen, [false, true])
  t.equal(existsSync(file), false)
})

t.test('what stands still of a service is ended before', async (t) => {
  const program = join(t.testdir(), 'steps4')
  copyFileSync('/bin/sleep', program)
  const child = spawn(program, ['600'], { stdio: 'ignore' })
  t.teardown(() => child.kill('SIGKILL'))
  await once(child, 'spawn')
  child.kill('SIGSTOP')
  const gone = once(child, 'exit')
  const end = await run(t, 'echo begun', { endsStopped: ['steps4'] }).ended
  t.match(end, { how: 'done', output: [/stood still: \d+$/, 'begun'] })
  await gone
})

t.test('a step of which nothing can be begun says why', async (t) => {
  const end = await run(t, ':', { env: { BAD: 'a\0b' } }).ended
  t.match(end, { how: 'not-started', isStuck: false, why: /null bytes/ })
})
