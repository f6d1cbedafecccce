import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import type { OnScript } from '../program-loader.ts'
import { keepCompiled } from './keep-compiled.ts'

/** The built program's start.cjs. */
type Start = {
  start: (command: string, directory: string, require: NodeJS.Require, onScript: OnScript) => void
}

/**
 * Makes this process a command of the built program in a directory; whatever of certain files was compiled until its
 * end is kept beside them.
 */
export function learn(
  directory: string,
  kept: ReadonlySet<string>,
  words: readonly string[],
  atEnd: (then: () => void) => void = (then) => void process.on('exit', then),
): void {
  const [command = '', ...argv] = words
  const program = join(directory, 'start.cjs')
  const require = createRequire(program)
  const compiled: Parameters<OnScript>[] = []
  atEnd(() => {
    for (const script of compiled) keepCompiled(...script)
  })
  process.argv = [process.execPath, join(directory, '../bin', command), ...argv]
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the build put there
  const { start } = require(program) as Start
  start(command, directory, require, (file, source, script) => {
    if (kept.has(basename(file))) compiled.push([file, source, script])
  })
}
