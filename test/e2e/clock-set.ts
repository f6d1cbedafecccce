import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { alertIds } from '../helpers/alert-lines.ts'
import { runCommand } from '../helpers/command.ts'
import { eventually } from '../helpers/eventually.ts'
import { watchedNfs, type WatchedNfs } from '../helpers/nfs-watch.ts'

t.setTimeout(120_000)

const noCompiler = spawnSync('cc', ['--version']).status !== 0
const dayS = 86_400

/** Moves the time of day, and nothing else, by as many seconds as a file says. */
const shim = `
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
static long offset(void) {
  char text[32] = {0};
  int fd = open(getenv("CLOCK_OFFSET"), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  if (read(fd, text, sizeof text - 1) < 0) text[0] = 0;
  close(fd);
  return atol(text);
}
int clock_gettime(clockid_t id, struct timespec *at) {
  int status = syscall(SYS_clock_gettime, id, at);
  if (status == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) at->tv_sec += offset();
  return status;
}
int gettimeofday(struct timeval *at, void *zone) {
  int status = syscall(SYS_gettimeofday, at, zone);
  if (status == 0) at->tv_sec += offset();
  return status;
}
time_t time(time_t *at) {
  struct timeval now;
  gettimeofday(&now, 0);
  if (at) *at = now.tv_sec;
  return now.tv_sec;
}
`

/** A clock that processes with this environment see, and that can be set. */
function clockOf(nfs: WatchedNfs) {
  const directory = join(nfs.env.CLP_FSMON_ROOT, 'clock')
  const library = join(directory, 'shim.so')
  const file = join(directory, 'offset')
  mkdirSync(directory)
  const set = (offsetS: number) => writeFileSync(file, String(offsetS))
  set(0)
  execFileSync('cc', ['-shared', '-fPIC', '-O1', '-x', 'c', '-o', library, '-'], { input: shim })
  return { set, env: { ...nfs.env, LD_PRELOAD: library, CLOCK_OFFSET: file } }
}

/** The times in the log, newest last. */
function logged(nfs: WatchedNfs): number[] {
  const log = readFileSync(join(nfs.env.CLP_FSMON_ROOT, 'var/log/clp-fsmon/alert.log'), 'utf8')
  const lines = log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { time: string })
  return lines.map(({ time }) => Date.parse(time))
}

const skip = noCompiler && 'needs a C compiler, for a clock that can be set'

for (const [direction, offsetS] of [
  ['back', -dayS],
  ['forward', dayS],
] as const) {
  t.test(`a clock set ${direction} by a day changes nothing`, { skip }, async (t) => {
    const nfs = await watchedNfs(t)
    const clock = clockOf(nfs)
    const { env } = clock
    const control = (word: string) => runCommand(t, 'clp_nfsmon', ['x', word], { env })
    const monitor = nfs.start('x', ['-i', '1', '-c', '1', '-r', '2'], { env })
    await monitor.said(/ 2 INFO /)

    clock.set(offsetS)
    let seen = nfs.checks()
    await eventually(
      'it goes on checking, as often as before',
      () => nfs.checks() > seen + 2,
      20_000,
    )
    t.match(await control('-pause'), { status: 0 })
    const [before = 0, after = 0] = [logged(nfs)[0], logged(nfs).at(-1)]
    t.ok(Math.abs((after - before) / 1000 - offsetS) < 600, 'the clock was set indeed')
    t.match(await control('-disp'), { status: 0, out: /^state: paused$/m })
    t.match(await control('-continue'), { status: 0 })

    // Within a check that waits for its answer.
    seen = nfs.checks()
    nfs.fallSilent()
    await eventually('a check waits for its answer', () => nfs.checks() > seen)
    clock.set(0)
    const began = performance.now()
    const { status, err } = await monitor.ended
    t.equal(status, 1)
    t.ok(performance.now() - began > 3500, 'not before both of its checks have had their time')
    t.strictSame(alertIds(err), [1, 2, 7, 8, 0, 66, 6])

    nfs.speak()
    const again = nfs.start('x', ['-i', '1'], { env })
    await again.said(/ 2 INFO /)
    again.child.kill('SIGKILL')
    await again.ended
    clock.set(offsetS)
    const last = nfs.start('x', [], { env })
    await last.said(/ 2 INFO /)
    t.match(await control('-stop'), { status: 0 }, 'an ID changes hands whatever the time is')
    t.match(await last.ended, { status: 0 })
  })
}
