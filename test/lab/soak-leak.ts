import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { growthOf, withoutWarmUp } from '../../scripts/soak.d/growth.ts'
import { Monitor } from '../../scripts/soak.d/monitor.ts'
import { takeSample, type Sample } from '../../scripts/soak.d/sample.ts'
import { buildMallocTeller, scales, weighedIntervalS } from '../../scripts/soak.d/scales.ts'
import { eventually } from '../helpers/eventually.ts'
import { watchedNfs } from '../helpers/nfs-watch.ts'

t.setTimeout(900_000)

const skip = spawnSync('cc', ['--version']).status !== 0 && 'needs a C compiler'

/** Without the warm-up: enough to be judged. */
const checks = 1100

const cases: [kind: string, what: string, heap: string[], malloc: string[]][] = [
  ['none', 'a monitor as it is keeps nothing of a check', ['flat'], ['flat']],
  ['heap', 'two hundred bytes a check that stay in the heap are found', ['grows'], ['flat']],
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
      `${checks} checks after the warm-up`,
      () => {
        const minutes = (performance.now() - began) / 60_000
        const sample = takeSample(monitor.pid, own, root, minutes)
        if (sample !== undefined && sample.checks !== samples.at(-1)?.checks) samples.push(sample)
        const warm = withoutWarmUp(samples)
        const made = (warm.at(-1)?.checks ?? 0) - (warm[0]?.checks ?? 0)
        return monitor.end !== undefined || made >= checks
      },
      280_000,
    )
    t.equal(monitor.end, undefined, 'it lives')
    const growths = new Map(growthOf(samples).map((growth) => [growth.measure, growth]))
    const [inHeap, outside] = [growths.get('heapBytes'), growths.get('mallocBytes')]
    for (const growth of [inHeap, outside]) t.comment(JSON.stringify(growth))
    t.ok(heap.includes(inHeap?.verdict ?? ''), `in the heap: ${inHeap?.verdict}`)
    t.ok(malloc.includes(outside?.verdict ?? ''), `outside: ${outside?.verdict}`)
    t.match(await monitor.stop(), { stop: 0, own: 0 })
  })
}
