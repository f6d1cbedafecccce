import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type Growth, growthOf, withoutWarmUp } from '../../scripts/soak.d/growth.ts'
import { Monitor } from '../../scripts/soak.d/monitor.ts'
import { takeSample, type Sample } from '../../scripts/soak.d/sample.ts'
import { buildMallocTeller, scales, weighedIntervalS } from '../../scripts/soak.d/scales.ts'
import { eventually } from '../helpers/eventually.ts'
import { watchedNfs } from '../helpers/nfs-watch.ts'

t.setTimeout(900_000)

const skip = spawnSync('cc', ['--version']).status !== 0 && 'needs a C compiler'

/** Without the warm-up: enough to be judged, and as many more as it takes to be sure on a busy machine. */
const checks = 1100
const mostChecks = 4 * checks

const still = ['flat', 'stepped']
// What lies outside goes up and down by more than a check's part, now and then for as long as this takes.
const notSeenToGrow = [...still, 'unsure']

const cases: [kind: string, what: string, heap: string[], malloc: string[]][] = [
  ['none', 'a monitor as it is keeps nothing of a check', still, notSeenToGrow],
  ['heap', 'two hundred bytes a check that stay in the heap are found', ['grows'], notSeenToGrow],
  // What a buffer is known by stays in the heap.
  ['malloc', 'two hundred bytes a check that stay outside of it are found', ['grows'], ['grows']],
]

for (const [kind, what, heap, malloc] of cases) {
  t.test(what, { skip }, async (t) => {
    const { argv, env } = await watchedNfs(t)
    const root = env.CLP_FSMON_ROOT
    const directory = join(root, 'told')
    mkdirSync(directory)
    const own = scales({
      library: buildMallocTeller(directory),
      directory,
      id: 'weighed',
      pauseMs: 0,
      everyMs: 200,
      more: [`--require=${join(import.meta.dirname, '../helpers/leak.cjs')}`],
    })
    const patience = { intervalS: weighedIntervalS, retries: 9, deadlineS: 60 }
    const plan = { id: 'weighed', command: 'clp_nfsmon', target: argv, patience } as const
    const leaking = { ...own, env: { ...own.env, CLP_FSMON_TEST_LEAK: kind } }
    const monitor = new Monitor(plan, root, leaking)
    t.teardown(() => monitor.kill())
    if (!(await monitor.start(60_000))) throw new Error(monitor.lastWords)
    const began = performance.now()
    const samples: Sample[] = []
    await eventually(
      `${checks} checks after the warm-up, and no doubt`,
      () => {
        const minutes = (performance.now() - began) / 60_000
        const sample = takeSample(monitor.pid, own, root, minutes)
        if (monitor.end !== undefined) return true
        if (sample === undefined || sample.checks === samples.at(-1)?.checks) return false
        samples.push(sample)
        const warm = withoutWarmUp(samples)
        const made = (warm.at(-1)?.checks ?? 0) - (warm[0]?.checks ?? 0)
        if (made < checks || made >= mostChecks) return made >= checks
        return !memoryOf(samples).some(({ verdict }) => verdict === 'unsure')
      },
      280_000,
    )
    t.equal(monitor.end, undefined, 'it lives')
    const [inHeap, outside] = memoryOf(samples)
    for (const growth of [inHeap, outside]) t.comment(JSON.stringify(growth))
    t.ok(heap.includes(inHeap?.verdict ?? ''), `in the heap: ${inHeap?.verdict}`)
    t.ok(malloc.includes(outside?.verdict ?? ''), `outside: ${outside?.verdict}`)
    t.match(await monitor.stop(), { stop: 0, own: 0 })
  })
}

/** What became of the heap, and of what lies outside of it. */
function memoryOf(samples: readonly Sample[]): Growth[] {
  const growths = growthOf(samples)
  return ['heapBytes', 'mallocBytes'].flatMap((name) =>
    growths.filter(({ measure }) => measure === name),
  )
}
