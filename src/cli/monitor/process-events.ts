import { readFileSync } from 'node:fs'

/** What can come from outside to a process that watches. */
export type ProcessHandlers = {
  onStop: (why: string) => void
  onBug: (error: unknown) => void
}

const stopSignals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/**
 * From now on signals end the watch in good order, and an error that nobody caught is told to it
 * instead of ending the process. What the starter wants ignored (nohup) stays ignored.
 */
export function listenToProcess({ onStop, onBug }: ProcessHandlers): void {
  const ignored = ignoredSignals()
  for (const signal of stopSignals) {
    if (signal === 'SIGHUP' && (ignored & 1n) !== 0n) continue
    process.on(signal, () => {
      onStop(signal)
    })
  }
  process.on('uncaughtException', onBug)
  process.on('unhandledRejection', onBug)
}

/** The set of signals that this process was started to ignore: bit 0 is signal 1. */
function ignoredSignals(): bigint {
  try {
    const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]
    return BigInt(`0x${mask ?? '0'}`)
  } catch {
    return 0n
  }
}
