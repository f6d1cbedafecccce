import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { eventually } from './eventually.ts'
import { removeGroup } from './remove-group.ts'

/** Where memory can be limited here: a group of its own, and the file that takes the limit. */
export function memoryGroup(
  t: Test,
): { directory: string; limit: (bytes: number) => void } | undefined {
  const places = [
    ['/sys/fs/cgroup', 'memory.max'],
    ['/sys/fs/cgroup/memory', 'memory.limit_in_bytes'],
  ] as const
  for (const [parent, file] of places) {
    const directory = join(parent, `clp-fsmon-test-${process.pid}`)
    try {
      mkdirSync(directory)
    } catch {
      continue
    }
    t.teardown(() => eventually('the group is empty', () => removeGroup(directory)))
    if (existsSync(join(directory, file))) {
      return { directory, limit: (bytes) => writeFileSync(join(directory, file), String(bytes)) }
    }
  }
  return undefined
}
