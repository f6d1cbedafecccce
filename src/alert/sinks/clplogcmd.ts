import { CommandRunner, type Program } from '../command-runner.ts'
import type { Sink } from '../entry.ts'
import { splitLines } from '../lines.ts'

/** Levels as the alert view calls them. */
const grades = { info: 'INFO', warn: 'WARN', error: 'ERR' } as const

/** The cluster's alert view, by way of its command; a long message takes several lines there. */
export function clplogcmdSink(program: Program): Sink {
  const runner = new CommandRunner(program)
  return {
    name: 'clplogcmd',
    takes: ({ kind }) => kind === 'alert',
    deliver: async ({ message, level, id = 0 }) => {
      for (const line of splitLines(message)) {
        await runner.run(['-m', line, '-l', grades[level], '-i', String(id), '--alert'])
      }
    },
  }
}
