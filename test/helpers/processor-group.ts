import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { eventually } from './eventually.ts'
import { removeGroup } from './remove-group.ts'

/** A group of processes that together get so little of one processor in a second. */
export type ProcessorGroup = {
  take: (pid: number) => void
  /** lets all of them go again */
  free: () => void
}

const periodUs = 1_000_000

/** Where time of the processors can be limited here: a group of its own with so many microseconds of each second. */
export function processorGroup(t: Test, quotaUs: number): ProcessorGroup | undefined {
  for (const parent of ['/sys/fs/cgroup', '/sys/fs/cgroup/unified', '/sys/fs/cgroup/cpu']) {
    const directory = join(parent, `clp-fsmon-test-${process.pid}`)
    try {
      mkdirSync(directory)
    } catch {
      continue
    }
    const taken: number[] = []
    const free = () => {
      for (const pid of taken.splice(0)) {
        try {
          writeFileSync(join(parent, 'cgroup.procs'), String(pid))
        } catch {
          // It is gone.
        }
      }
    }
    t.teardown(async () => {
      free()
      await eventually('the group is empty', () => removeGroup(directory))
    })
    const limit = limitIn(directory, quotaUs)
    if (!limit) continue
    return {
      take: (pid) => {
        taken.push(pid)
        writeFileSync(join(directory, 'cgroup.procs'), String(pid))
      },
      free,
    }
  }
  return undefined
}

function limitIn(directory: string, quotaUs: number): boolean {
  const file = (name: string) => join(directory, name)
  if (existsSync(file('cpu.max'))) {
    writeFileSync(file('cpu.max'), `${quotaUs} ${periodUs}`)
    return true
  }
  if (!existsSync(file('cpu.cfs_quota_us'))) return false
  writeFileSync(file('cpu.cfs_period_us'), String(periodUs))
  writeFileSync(file('cpu.cfs_quota_us'), String(quotaUs))
  return true
}
