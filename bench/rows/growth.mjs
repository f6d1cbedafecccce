import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { progress } from '../progress.mjs'

const run = promisify(execFile)

/** Ever more watches in one process. Those that are few run at the same time, for they cost next to nothing. */
export async function measureGrowth({ run: result, plan, samba, nfs, quick }) {
  const [intervalMs, windowMs] = quick ? [5000, 10_000] : [30_000, 60_000]
  const targets = ['samba', 'nfs3', 'samba', 'nfs4'].map(
    (protocol) => `${protocol} ${(protocol === 'samba' ? samba : nfs).address}`,
  )
  const watches = async (count) => {
    const argv = [
      ...plan.flags,
      join(plan.build, 'watches.mjs'),
      count,
      intervalMs,
      windowMs,
      ...targets,
    ]
    const timeout = intervalMs + windowMs + 60_000
    const { stdout } = await run(plan.node, argv.map(String), { timeout, maxBuffer: 2 ** 24 })
    return { watches: count, intervalMs, ...JSON.parse(stdout) }
  }
  progress('growth: 1, 10 and 100 watches')
  result.growth = await Promise.all([1, 10, 100].map(watches))
  if (quick) return
  progress('growth: 1,000 watches')
  result.growth.push(await watches(1000))
}
