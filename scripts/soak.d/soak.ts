// The soak itself, within a lab: soak.ts MINUTES SEED REPORT; scripts/soak is the way in.
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Host } from '../../test/helpers/lab.ts'
import { Dice } from './dice.ts'
import { faultNames } from './fault.ts'
import { Ground, type Finding } from './ground.ts'
import { growthOf, type Growth } from './growth.ts'
import { Monitor, type MonitorPlan } from './monitor.ts'
import { draw } from './schedule.ts'
import { takeSample, type Sample } from './sample.ts'
import { growthTable, verdictTable } from './table.ts'

const [minutes, seed, report] = [
  Number(process.argv[2]),
  Number(process.argv[3]),
  process.argv[4] ?? '',
]
const root = join(import.meta.dirname, '../..')
const sampleEveryMs = 3000
const startPatienceMs = 30_000

const stateRoot = mkdtempSync(join(tmpdir(), 'soak-'))

/** A directory of state with a license, and a login that a Samba monitor can use. */
function stateDirectory(name: string): string {
  const directory = join(stateRoot, name)
  mkdirSync(directory)
  const env = { PATH: process.env.PATH, CLP_FSMON_ROOT: directory }
  execFileSync(process.execPath, [join(root, 'bin/clplcnsc'), '--community'], {
    env,
    stdio: 'pipe',
  })
  writeFileSync(login, 'username = labuser\npassword = Lab-Pass1\n', { mode: 0o600 })
  return directory
}

const login = join(stateRoot, 'login')

const samba = (id: string, address: string, patience: MonitorPlan['patience'][]): MonitorPlan[] => {
  const user = ['-s', 'user', '--credentials', login, '--depth', 'read', '--path', 'hello.txt']
  return [['-s', 'guest'], user].map((target, at) => ({
    id: `${id}${at + 1}`,
    command: 'clp_sambamon',
    target: [...target, '-a', address],
    patience: patience[at % patience.length] ?? quick,
  }))
}

const nfs = (id: string, address: string, patience: MonitorPlan['patience'][]): MonitorPlan[] => {
  const targets = [
    ['-d', '/srv/nfs/data', '--nfs-version', '3'],
    ['-d', '/data', '--nfs-version', '4.1', '--depth', 'read', '--path', 'hello.txt'],
  ]
  return targets.map((target, at) => ({
    id: `${id}${at + 1}`,
    command: 'clp_nfsmon',
    target: [...target, '-a', address],
    patience: patience[at % patience.length] ?? quick,
  }))
}

const quick = { intervalS: 1, retries: 5, deadlineS: 1 } as const
const slower = { intervalS: 1, retries: 4, deadlineS: 2 } as const

const findings: Finding[] = []
const isWrong = ({ judgement }: Finding) => judgement === 'false' || judgement === 'missed'
const write = (what: object) => {
  if (report !== '') appendFileSync(report, `${JSON.stringify(what)}\n`)
}
const tell = (finding: Finding) => {
  findings.push(finding)
  write(finding)
  if (!isWrong(finding)) return
  const { ground, id, fault, kind, judgement, words } = finding
  clearLine()
  process.stdout.write(`${judgement.toUpperCase()}: ${ground} ${id}: ${fault}, ${kind}\n${words}\n`)
}

const clearLine = () => process.stdout.isTTY && process.stdout.write('\r\x1b[K')
const began = performance.now()
const minutesNow = () => (performance.now() - began) / 60_000

function showProgress(): void {
  if (!process.stdout.isTTY) return
  clearLine()
  const count = (judgement: string) =>
    findings.filter((finding) => finding.judgement === judgement).length
  process.stdout.write(
    `soak: ${minutesNow().toFixed(1)} of ${minutes} minutes: survived ${count('survived')}, found ${count('found')}, false ${count('false')}, missed ${count('missed')}`,
  )
}

if (report !== '') writeFileSync(report, '')
process.stdout.write(`soak: ${minutes} minutes, seed ${seed}\n`)
write({ minutes, seed })

const [steadyHost, sambaHost, nfsHost] = await Promise.all([
  Host.create({ name: 'steady' }),
  Host.create({ name: 'samba' }),
  Host.create({ name: 'nfs' }),
])
const [sambaServer, ganeshaServer] = await Promise.all([
  sambaHost.samba(),
  nfsHost.ganesha(),
  steadyHost.samba(),
  steadyHost.ganesha(),
])

const harmed = stateDirectory('harmed')
const ground = (
  name: string,
  victim: ConstructorParameters<typeof Ground>[1],
  plans: MonitorPlan[],
  dice: Dice,
) =>
  new Ground(
    name,
    victim,
    plans.map((plan) => new Monitor(plan, harmed)),
    () => draw(dice, faultNames),
    tell,
  )
const grounds = [
  ground(
    'samba',
    { host: sambaHost, server: sambaServer, port: 445 },
    samba('smb', sambaHost.address, [quick, slower]),
    new Dice(seed),
  ),
  ground(
    'nfs',
    { host: nfsHost, server: ganeshaServer, port: 2049 },
    nfs('nfs', nfsHost.address, [quick, slower]),
    new Dice(seed + 1),
  ),
]

// A heap that is left alone fills up for the first thousands of checks, whatever it leaks: here all of
// it is collected whenever a megabyte has been used, so that what is left is what is kept.
const tellingOfHeap = [
  '--max-semi-space-size=1',
  '--gc-global',
  '--expose-gc',
  `--require=${join(import.meta.dirname, 'tell-heap.cjs')}`,
]
// Nobody harms what these watch: they live through all of it, and are what must not grow.
const calm = stateDirectory('steady')
const steady = [
  ...samba('smb', steadyHost.address, [slower]),
  ...nfs('nfs', steadyHost.address, [slower]),
].map((plan) => new Monitor(plan, calm, tellingOfHeap))
const samples = new Map<string, Sample[]>()
for (const monitor of steady) {
  if (!(await monitor.start(startPatienceMs))) throw new Error(`no start: ${monitor.lastWords}`)
  samples.set(`steady ${monitor.plan.id}`, [])
}

const untilMs = performance.now() + minutes * 60_000
const raging = Promise.all(grounds.map((each) => each.run(untilMs)))
const over = { is: false }
const ended = raging.finally(() => {
  over.is = true
})
while (!over.is) {
  for (const monitor of steady) {
    const sample = takeSample(monitor, calm, minutesNow())
    if (sample !== undefined) samples.get(`steady ${monitor.plan.id}`)?.push(sample)
  }
  showProgress()
  await Promise.race([sleep(sampleEveryMs), ended])
}
await ended
clearLine()

for (const monitor of [...steady, ...grounds.flatMap(({ monitors }) => monitors)]) {
  const isSteady = steady.includes(monitor)
  const stoppedBefore = monitor.end
  const { stop, own } = await monitor.stop()
  const isWell = stoppedBefore === undefined && stop === 0 && own === 0
  tell({
    ground: isSteady ? 'steady' : 'end',
    id: monitor.plan.id,
    fault: 'none',
    kind: 'healthy',
    judgement: isWell ? 'survived' : 'false',
    ...(!isWell && { words: monitor.lastWords }),
  })
  monitor.kill()
}

const growths = new Map<string, Growth[]>()
for (const [id, taken] of samples) {
  const growth = growthOf(taken)
  growths.set(id, growth)
  write({ id, growth, samples: taken })
}
const grown = [...growths.values()].flat().filter(({ verdict }) => verdict === 'grows')
const count = (judgement: Finding['judgement']) =>
  findings.filter((finding) => finding.judgement === judgement).length
process.stdout.write(
  `${verdictTable(findings)}\n\n${growthTable(growths)}\n\nsoak: ${minutesNow().toFixed(1)} minutes, seed ${seed}: false faults ${count('false')}, missed faults ${count('missed')}, found ${count('found')}, survived ${count('survived')}, unclear ${count('unclear')}, growing ${grown.length}\n`,
)
await Promise.all([steadyHost, sambaHost, nfsHost].map((host) => host.down()))
process.exit(findings.some(isWrong) || grown.length > 0 || count('found') === 0 ? 1 : 0)
