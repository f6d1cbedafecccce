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
import { buildMallocTeller, scales, weighedIntervalS, type Scales } from './scales.ts'
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
/** What those whose memory is weighed wait between two checks. */
const pauseMs = 200
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
const calm = { intervalS: weighedIntervalS, retries: 4, deadlineS: 2 } as const
// No fault is long enough to end these.
const patient = { intervalS: weighedIntervalS, retries: 10_000, deadlineS: 2 } as const

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

// Two kinds live through all of it, and are what must not grow: nobody harms what the calm ones watch,
// and the patient ones watch what is harmed, and fail and recover again and again.
const library = buildMallocTeller(stateRoot)
type Weighed = { name: string; monitor: Monitor; scales: Scales; stateRoot: string }
const weighed = (kind: string, plans: MonitorPlan[]): Weighed[] => {
  const directory = stateDirectory(kind)
  return plans.map((plan) => {
    const { id } = plan
    const own = scales({ library, directory, id, pauseMs, everyMs: sampleEveryMs })
    const monitor = new Monitor(plan, directory, own)
    return { name: `${kind} ${plan.id}`, monitor, scales: own, stateRoot: directory }
  })
}
const steady = [
  ...weighed('calm', [
    ...samba('smb', steadyHost.address, [calm]),
    ...nfs('nfs', steadyHost.address, [calm]),
  ]),
  ...weighed('patient', [
    ...samba('smb', sambaHost.address, [patient]),
    ...nfs('nfs', nfsHost.address, [patient]),
  ]),
]
const samples = new Map<string, Sample[]>()
for (const { name, monitor } of steady) {
  if (!(await monitor.start(startPatienceMs))) throw new Error(`no start: ${monitor.lastWords}`)
  samples.set(name, [])
}

const untilMs = performance.now() + minutes * 60_000
const raging = Promise.all(grounds.map((each) => each.run(untilMs)))
const over = { is: false }
const ended = raging.finally(() => {
  over.is = true
})
while (!over.is) {
  for (const { name, monitor, scales: own, stateRoot: directory } of steady) {
    const sample = takeSample(monitor.pid, own, directory, minutesNow())
    if (sample !== undefined) samples.get(name)?.push(sample)
  }
  showProgress()
  await Promise.race([sleep(sampleEveryMs), ended])
}
await ended
clearLine()

const healedDate = Date.now()
const all = [
  ...steady,
  ...grounds.flatMap(({ monitors }) => monitors.map((monitor) => ({ name: 'end', monitor }))),
]
for (const { name, monitor } of all) {
  const isWell = await monitor.isWell(healedDate, startPatienceMs)
  const { stop, own } = await monitor.stop()
  const hasSurvived = isWell && stop === 0 && own === 0
  tell({
    ground: name === 'end' ? name : (name.split(' ')[0] ?? ''),
    id: monitor.plan.id,
    fault: 'none',
    kind: 'healthy',
    judgement: hasSurvived ? 'survived' : 'false',
    ...(!hasSurvived && { words: monitor.lastWords }),
  })
  monitor.kill()
}

const growths = new Map<string, Growth[]>()
for (const [id, taken] of samples) {
  const growth = growthOf(taken)
  growths.set(id, growth)
  write({ id, growth, samples: taken })
}
const judged = [...growths.values()].flat()
const grown = judged.filter(({ verdict }) => verdict === 'grows')
const unsure = judged.filter(({ verdict }) => verdict === 'unsure')
const count = (judgement: Finding['judgement']) =>
  findings.filter((finding) => finding.judgement === judgement).length
process.stdout.write(
  `${verdictTable(findings)}\n\n${growthTable(growths)}\n\nsoak: ${minutesNow().toFixed(1)} minutes, seed ${seed}: false faults ${count('false')}, missed faults ${count('missed')}, found ${count('found')}, survived ${count('survived')}, unclear ${count('unclear')}, growing ${grown.length}, unsure ${unsure.length}\n`,
)
await Promise.all([steadyHost, sambaHost, nfsHost].map((host) => host.down()))
const isBad = findings.some(isWrong) || grown.length + unsure.length > 0 || count('found') === 0
process.exit(isBad ? 1 : 0)
