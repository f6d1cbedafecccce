import { accessSync, constants, statSync } from 'node:fs'
import { join } from 'node:path'

/** The full path of a program on the search path, or undefined where it is not installed. */
export function findProgram(name: string, searchPath: string | undefined): string | undefined {
  for (const directory of (searchPath ?? '').split(':')) {
    const file = join(directory, name)
    if (directory.startsWith('/') && isExecutable(file)) return file
  }
  return undefined
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
