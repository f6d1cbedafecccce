import { leave } from '../leave.ts'
import { systemIo } from '../system-io.ts'
import { endOnBugs } from './end-on-bugs.ts'
import { hidePassword } from './hide-password.ts'
import { ignoreSignals } from './ignore-signals.ts'
import type { CommandName } from './option-table.ts'

/** Makes this process a monitor command, from its first word to its end. */
export async function startMonitor(command: CommandName, argv: readonly string[]): Promise<never> {
  endOnBugs()
  ignoreSignals()
  // Before anything else is even loaded: until now the process list shows the password.
  process.title = hidePassword(command, argv)

  const { monitorMain } = await import('./monitor-main.ts')
  const io = systemIo()
  return leave(await monitorMain(command, argv, io), io)
}
