import { CommandRunner } from '../../alert/command-runner.ts'
import { systemClock } from '../../watch/clock.ts'
import { findProgram } from '../find-program.ts'
import type { Io } from '../io.ts'
import { ServiceNotifier } from './service-notifier.ts'

/** How long one message may take. */
const programMs = 5000

/**
 * The way to the service manager that started this process; undefined where none did.
 *
 * Its socket takes datagrams, which Node cannot send there, so `systemd-notify` does it: one process
 * of a few ms for each check.
 */
export function openNotifier(
  io: Io,
  onTrouble: (text: string) => void,
): ServiceNotifier | undefined {
  const { PATH = '/usr/sbin:/usr/bin:/sbin:/bin', NOTIFY_SOCKET } = io.env
  if (NOTIFY_SOCKET === undefined) return undefined
  const file = findProgram('systemd-notify', PATH)
  if (file === undefined) {
    onTrouble('systemd-notify is not installed; the service manager hears nothing')
    return undefined
  }
  const runner = new CommandRunner({ file, env: { PATH, NOTIFY_SOCKET }, timeoutMs: programMs })
  return new ServiceNotifier({
    send: async (assignments) => runner.run(assignments),
    clock: systemClock,
    watchdogMs: watchdogMsOf(io.env),
    onTrouble,
  })
}

/** The time of a watchdog that is meant for this process, and not for one that started it. */
function watchdogMsOf({ WATCHDOG_USEC, WATCHDOG_PID }: Io['env']): number | undefined {
  if (WATCHDOG_USEC === undefined || !/^\d+$/.test(WATCHDOG_USEC)) return undefined
  if (WATCHDOG_PID !== undefined && Number(WATCHDOG_PID) !== process.pid) return undefined
  const ms = Number(WATCHDOG_USEC) / 1000
  return ms > 0 ? ms : undefined
}
