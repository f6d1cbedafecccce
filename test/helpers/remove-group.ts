import { existsSync, rmdirSync } from 'node:fs'

/** Whether a control group is gone, or could be taken away now: not before its last process has ended. */
export function removeGroup(directory: string): boolean {
  try {
    rmdirSync(directory)
  } catch {
    return !existsSync(directory)
  }
  return true
}
