import { writeFileSync } from 'node:fs'

/** Keeps this process's memory, and with it a password, out of core dumps. */
export function keepOutOfDumps(file = '/proc/self/coredump_filter'): void {
  try {
    writeFileSync(file, '0x0')
  } catch {
    // A kernel without core dumps has no such file.
  }
}
