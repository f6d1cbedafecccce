import { join } from 'node:path'
import { Dispatcher } from '../../alert/dispatcher.ts'
import type { Sink } from '../../alert/entry.ts'
import { clplogcmdSink } from '../../alert/sinks/clplogcmd.ts'
import { jsonLogSink } from '../../alert/sinks/json-log.ts'
import { stderrSink } from '../../alert/sinks/stderr.ts'
import { syslogSink } from '../../alert/sinks/syslog.ts'
import { findProgram } from '../find-program.ts'
import type { Io } from '../io.ts'
import type { CommandName } from './option-table.ts'

/** Where the words of a monitor command go, and what they name. */
export type Speaker = {
  command: CommandName
  target: string
  /** the identifier of the monitor */
  monitor?: string
  logDirectory: string
  io: Io
  /** so many entries wait for a place at most, if not as many as usual */
  mostWaiting?: number
}

/** How long the last alerts may take to reach all their places. */
export const drainMs = 2000

/** The same for a process with so many watches, each of which has its last alerts and its record to write. */
export function drainMsOf(watches: number): number {
  return drainMs + 4 * watches
}

/** How long one run of another program may take. */
const programMs = 5000

/** The alerts' way to all their places: whoever reads standard error, the log, the cluster, the system. */
export function openDispatcher({
  command,
  target,
  monitor,
  logDirectory,
  io,
  mostWaiting,
}: Speaker): Dispatcher {
  const { PATH = '/usr/sbin:/usr/bin:/sbin:/bin', CLP_FSMON_ROOT } = io.env
  const env = { PATH }
  const sinks: Sink[] = [stderrSink(io.errFd), jsonLogSink(join(logDirectory, 'alert.log'))]
  const clplogcmd = findProgram('clplogcmd', PATH)
  if (clplogcmd !== undefined)
    sinks.push(clplogcmdSink({ file: clplogcmd, env, timeoutMs: programMs }))
  // A trial leaves no trace outside its directory.
  const logger = CLP_FSMON_ROOT === undefined ? findProgram('logger', PATH) : undefined
  if (logger !== undefined) sinks.push(syslogSink({ file: logger, env, timeoutMs: programMs }))
  const dispatcher = new Dispatcher({
    command,
    target,
    server: io.hostName(),
    ...(monitor !== undefined && { monitor }),
    sinks,
    ...(mostWaiting !== undefined && { mostWaiting }),
    onTrouble: ({ sink, text }) => {
      dispatcher.log('warn', `alerts by way of ${sink}: ${text}`)
    },
  })
  return dispatcher
}
