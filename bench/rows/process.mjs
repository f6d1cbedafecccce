import { spawn } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { connectionsBegun } from '../lab.mjs'
import { cpuMs, privateKb } from '../memory.mjs'
import { environment, licensedRoot, startMonitor } from '../monitor.mjs'
import { once } from '../once.mjs'
import { progress } from '../progress.mjs'
import { takeTurns } from '../rounds.mjs'

const share = ['-s', 'user', '-u', 'labuser']
/** What no program of Node can do without; it is beside ours to show how much of an aim is left for a program. */
const leastCheck = join(import.meta.dirname, '../contestants/least-check.cjs')

/** What a process of ours costs: to start, to have one more of, to look at many. */
export async function measureProcess(bench) {
  await measureStart(bench)
  await measureStatus(bench)
  await measureOneMore(bench)
}

async function measureStart({ run, plan, samba, quick }) {
  const { build, bin } = plan
  const root = await licensedRoot(bin)
  const env = environment(root)
  const where = [...share, '-a', samba.address]
  let turn = 0
  const contestants = {
    'node -e 0': () => once(build, ['node', '-e', '0']),
    'six fixed messages, from Node': () => once(build, ['node', leastCheck, samba.address]),
    'clp_sambamon --check, to its verdict': () =>
      once(build, [join(bin, 'clp_sambamon'), '--check', ...where], { env }),
    'clp_sambamon ID, to alert 2': () =>
      once(build, [join(bin, 'clp_sambamon'), `start${(turn += 1)}`, ...where], {
        env,
        until: ' 2 INFO ',
      }),
  }
  await takeTurns(run, 'start', turns(contestants), quick ? 5 : 30)
}

async function measureStatus({ run, plan, quick }) {
  const { build, bin, node } = plan
  const contestants = { 'node -e 0': () => once(build, ['node', '-e', '0']) }
  for (const count of [1, 100, 1000]) {
    const root = await mkdtemp(join(tmpdir(), 'records-'))
    const filled = await once(build, [
      node,
      join(build, 'records.mjs'),
      root,
      `${count}`,
      `${process.pid}`,
    ])
    if (filled.failed > 0) throw new Error(`no records could be made: ${filled.reason}`)
    contestants[`clp_fsmon status, records: ${count}`] = () =>
      once(build, [join(bin, 'clp_fsmon'), 'status'], { env: environment(root) })
  }
  await takeTurns(run, 'status', turns(contestants), quick ? 3 : 15)
}

/** The first one of a kind is left out: what it brings into memory, the others share with it. */
async function measureOneMore({ run, plan, samba, quick }) {
  const { bin } = plan
  const [count, checks] = quick ? [4, 8] : [11, 30]
  const root = await licensedRoot(bin)
  const monitors = []
  const idle = []
  const least = []
  try {
    for (let i = 0; i < count; i += 1) {
      progress(`memory: ${i + 1} of ${count} processes`)
      const argv = [...share, '-a', samba.address, '-i', '1']
      monitors.push(
        await startMonitor({ bin, root, command: 'clp_sambamon', id: `more${i}`, argv }),
      )
      idle.push(spawn('node', ['-e', 'setInterval(() => {}, 1e9)'], { stdio: 'ignore' }))
      const file = join(root, `least${i}`)
      least.push(spawn('node', [leastCheck, samba.address, file], { stdio: 'ignore' }))
    }
    const cpuBefore = monitors.map(({ pid }) => cpuMs(pid))
    // Each of the least ones connects once a second as well.
    const begun = connectionsBegun()
    const until = performance.now() + checks * 4000
    let made = 0
    while (
      (made = (connectionsBegun() - begun) / 2) < checks * count &&
      performance.now() < until
    ) {
      progress(`memory: check ${Math.floor(made / count) + 1} of ${checks} of ${count} monitors`)
      await delay(200)
    }
    const cpu = monitors.reduce((sum, { pid }, i) => sum + cpuMs(pid) - cpuBefore[i], 0)
    run.memory = {
      checksEach: made / count,
      monitorsKb: monitors.slice(1).map(({ pid }) => privateKb(pid)),
      idleKb: idle.slice(1).map(({ pid }) => privateKb(pid)),
      leastKb: least.slice(1).map(({ pid }) => privateKb(pid)),
      cpuMsPerCheck: cpu / made,
    }
  } finally {
    for (const { kill } of monitors) kill()
    for (const child of [...idle, ...least]) child.kill('SIGKILL')
  }
}

function turns(contestants) {
  return Object.entries(contestants).map(([name, take]) => ({ name, kind: 'process', take }))
}
