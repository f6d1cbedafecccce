import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { runCommand, type RunningCommand } from '../helpers/command.ts'
import { eventually } from '../helpers/eventually.ts'
import { watchedNfs, type WatchedNfs } from '../helpers/nfs-watch.ts'
import { shownRecord } from '../helpers/shown-record.ts'

t.setTimeout(120_000)

/** Lives a whole life without anybody hearing a word of it. */
async function livesUnheard(t: Test, nfs: WatchedNfs, monitor: RunningCommand): Promise<void> {
  const { env } = nfs
  await eventually('it watches', async () => {
    return (await shownRecord(t, 'clp_nfsmon', 'x', { env }))?.state === 'watching'
  })
  const seen = nfs.checks()
  await eventually('it goes on checking', () => nfs.checks() > seen + 1)
  t.match(await runCommand(t, 'clp_nfsmon', ['x', '-pause'], { env }), { status: 0 })
  t.match(await runCommand(t, 'clp_nfsmon', ['x', '-continue'], { env }), { status: 0 })
  const began = performance.now()
  t.match(await runCommand(t, 'clp_nfsmon', ['x', '-stop'], { env }), { status: 0 })
  t.comment(`-stop: ${Math.round(performance.now() - began)} ms`)
  const { status, signal } = await monitor.ended
  t.match({ status, signal }, { status: 0, signal: null })
}

t.test('with all of its streams closed', async (t) => {
  const nfs = await watchedNfs(t)
  const via = ['sh', '-c', 'exec "$@" <&- >&- 2>&-', 'sh']
  await livesUnheard(t, nfs, nfs.start('x', ['-i', '1'], { via }))
})

for (const closed of ['<&-', '>&-', '2>&-', '<&- >&-', '>&- 2>&-']) {
  t.test(`started with ${closed}`, async (t) => {
    const nfs = await watchedNfs(t)
    const via = ['sh', '-c', `exec "$@" ${closed}`, 'sh']
    await livesUnheard(t, nfs, nfs.start('x', ['-i', '1'], { via }))
  })
}

t.test('with a reader of standard error that has gone', async (t) => {
  const nfs = await watchedNfs(t)
  const monitor = nfs.start('x', ['-i', '1'])
  monitor.child.stderr?.destroy()
  await livesUnheard(t, nfs, monitor)
})

/** A pipe with nothing left in it to write to, and that nobody reads; gives its way in. */
function fullPipe(t: Test): { fd: number; empty: () => void } {
  const path = join(t.testdirName, 'pipe')
  execFileSync('mkfifo', [path])
  const both = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  // Blocking, as shells hand pipes on.
  const fd = openSync(path, constants.O_WRONLY)
  t.teardown(() => {
    closeSync(both)
    closeSync(fd)
  })
  for (const size of [4096, 1]) {
    try {
      for (;;) writeSync(both, Buffer.alloc(size, '\n'))
    } catch {
      // Full.
    }
  }
  const empty = () => {
    try {
      while (readSync(both, Buffer.alloc(65_536)) > 0);
    } catch {
      // Empty.
    }
  }
  return { fd, empty }
}

t.test('with a full pipe as standard error that nobody reads', async (t) => {
  const nfs = await watchedNfs(t)
  const { fd } = fullPipe(t)
  const stdio = ['ignore' as const, 'ignore' as const, fd]
  await livesUnheard(t, nfs, nfs.start('x', ['-i', '1'], { stdio }))
})

t.test('with a full pipe as standard error a dead server is found all the same', async (t) => {
  const nfs = await watchedNfs(t)
  const { fd } = fullPipe(t)
  const stdio = ['ignore' as const, 'ignore' as const, fd]
  const monitor = nfs.start('x', ['-i', '1', '-c', '1', '-r', '1'], { stdio })
  await eventually('it has checked', () => nfs.checks() > 0)
  nfs.fallSilent()
  const { status, signal } = await monitor.ended
  t.match({ status, signal }, { status: 1, signal: null })
})

t.test('with a full pipe as standard error a mistake still ends', async (t) => {
  const nfs = await watchedNfs(t)
  const { fd } = fullPipe(t)
  const stdio = ['ignore' as const, 'ignore' as const, fd]
  t.match(await nfs.start('x', ['-i', '0'], { stdio }).ended, { status: 2 })
})
