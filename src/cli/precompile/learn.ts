import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import type { OnScript } from '../program-loader.ts'
import { keepCompiled } from './keep-compiled.ts'

/** The built program's start.cjs. */
type Start = {
  start: (command: string, directory: string, require: NodeJS.Require, onScript: OnScript) => void
}

/**
 * Makes this process a command of the built program in a directory. Whatever of certain files was compiled until its end
 * is kept beside them, or until it is told to end: how a monitor ends is nothing that the next one starts with.
 */
export function learn(
  directory: string,
  kept: ReadonlySet<string>,
  words: readonly string[],
  events: Pick<NodeJS.EventEmitter, 'on'> = process,
): void {
  const [command = '', ...argv] = words
  const program = join(directory, 'start.cjs')
  const require = createRequire(program)
  const compiled: Parameters<OnScript>[] = []
  // The command itself, which is not loaded yet, hears of a signal after us.
  for (const event of ['SIGTERM', 'exit']) {
    events.on(event, () => {
      for (const script of compiled.splice(0)) keepCompiled(...script)
    })
  }
  process.argv = [process.execPath, join(directory, '../bin', command), ...argv]
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the build put there
  const { start } = require(program) as Start
  start(command, directory, require, (file, source, script) => {
    if (kept.has(basename(file))) compiled.push([file, source, script])
  })
}
