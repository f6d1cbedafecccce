import { CommandRunner, type Program } from '../command-runner.ts'
import type { Entry, Sink } from '../entry.ts'
import { visible } from '../lines.ts'

/** The system's log, by way of `logger`. */
export function syslogSink(program: Program): Sink {
  const runner = new CommandRunner(program)
  return {
    name: 'syslog',
    takes: ({ kind, level }) => kind === 'alert' || level !== 'info',
    deliver: async ({ module, level, id, message }) => {
      const text = id === undefined ? message : `${id} ${message}`
      await runner.run(['-t', module, '-p', `daemon.${priorityOf(level)}`, '--', visible(text)])
    },
  }
}

function priorityOf(level: Entry['level']): string {
  switch (level) {
    case 'info':
      return 'info'
    case 'warn':
      return 'warning'
    case 'error':
      return 'err'
  }
}
