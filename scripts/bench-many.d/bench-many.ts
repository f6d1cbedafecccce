// The runs themselves, within a lab: bench-many.ts WATCHES INTERVAL SECONDS; scripts/bench-many is the way in.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Host } from '../../test/helpers/lab.ts'
import {
  listText,
  manyWatches,
  RunningFleet,
  stateDirectory,
} from '../../test/helpers/lab/running-fleet.ts'

const [, , countsText = '', intervalText, secondsText] = process.argv
const [intervalS, seconds] = [Number(intervalText), Number(secondsText)]
const patienceMs = 300_000

/** What one run came to. */
type Run = {
  watches: number
  startMs: number
  cpuPercent: number
  cpuMsEach: number
  privateKb: number
  lateP50Ms: number
  lateP99Ms: number
  lateMostMs: number
  checks: number
  failed: number
  falseFaults: number
  descriptors: number
  load: number
}

const hosts = await Promise.all([Host.create({ name: 'samba' }), Host.create({ name: 'nfs' })])
const [samba, nfs] = hosts
await Promise.all([samba.samba(), nfs.ganesha()])

/** The counts of all checks, by their verdicts. */
function counted(fleet: RunningFleet): { ok: number; failed: number } {
  const sums = { ok: 0, failed: 0 }
  for (const { tally } of fleet.records()) {
    sums.ok += tally?.checks.ok ?? 0
    sums.failed += (tally?.checks.failed ?? 0) + (tally?.checks.cannotJudge ?? 0)
  }
  return sums
}

async function measure(watches: number): Promise<Run> {
  const state = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'bench-many-'))
  const credentials = stateDirectory(state)
  const list = manyWatches(watches, { samba: samba.address, nfs: nfs.address, credentials })
  const startedAt = performance.now()
  const fleet = new RunningFleet(
    state,
    listText(list, { 'exit-on': 'all' }, { interval: intervalS }),
  )
  try {
    while (fleet.record('watches')?.succeeded !== true) {
      if (fleet.hasEnded || performance.now() - startedAt > patienceMs) {
        throw new Error(`${watches} watches do not all answer: ${fleet.lastWords}`)
      }
      await sleep(100)
    }
    const startMs = performance.now() - startedAt
    await sleep(intervalS * 1000)
    const before = counted(fleet)
    const [cpuBefore, openedAt] = [fleet.cpuMs(), performance.now()]
    await sleep(seconds * 1000)
    const cpuMs = fleet.cpuMs() - cpuBefore
    const wallMs = performance.now() - openedAt
    const load = loadavg()[0] ?? 0
    const after = counted(fleet)
    const lateness = fleet.record('watches')?.lateness
    const checks = after.ok + after.failed - before.ok - before.failed
    return {
      watches,
      startMs,
      cpuPercent: (cpuMs / wallMs) * 100,
      cpuMsEach: cpuMs / checks,
      privateKb: fleet.privateKb(),
      lateP50Ms: lateness?.p50Ms ?? NaN,
      lateP99Ms: lateness?.p99Ms ?? NaN,
      lateMostMs: lateness?.mostMs ?? NaN,
      checks,
      failed: after.failed - before.failed,
      falseFaults: fleet.said().filter(({ id }) => id === 6).length,
      descriptors: fleet.descriptors(),
      load,
    }
  } finally {
    fleet.kill('SIGTERM')
    await fleet.ended
    rmSync(state, { recursive: true, force: true })
  }
}

const figure = (value: number) => Number(value.toPrecision(3)).toString()
const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`

process.stdout.write(`every ${intervalS} s, ${seconds} s each, Node ${process.versions.node}\n\n`)
process.stdout.write(
  row([
    'watches',
    '% of a core',
    'CPU ms a check',
    'private MiB',
    'kB a watch',
    'late p50 ms',
    'p99',
    'most',
    'checks',
    'failed',
    'false faults',
    'descriptors',
    'all well after s',
    'load',
  ]),
)
process.stdout.write(row(Array.from({ length: 14 }, () => '---:')))
let falseFaults = 0
let single: Run | undefined
for (const count of countsText.split(',').map(Number)) {
  const run = await measure(count)
  if (count === 1) single = run
  falseFaults += run.falseFaults
  const each =
    single === undefined || count === 1 ? NaN : (run.privateKb - single.privateKb) / (count - 1)
  process.stdout.write(
    row([
      String(count),
      figure(run.cpuPercent),
      figure(run.cpuMsEach),
      figure(run.privateKb / 1024),
      Number.isNaN(each) ? '' : figure(each),
      figure(run.lateP50Ms),
      figure(run.lateP99Ms),
      figure(run.lateMostMs),
      String(run.checks),
      String(run.failed),
      String(run.falseFaults),
      String(run.descriptors),
      figure(run.startMs / 1000),
      figure(run.load),
    ]),
  )
}
await Promise.all(hosts.map((host) => host.down()))
process.exit(falseFaults === 0 ? 0 : 1)
