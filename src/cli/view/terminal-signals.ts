import { constants } from 'node:os'
import type { SignalHandlers } from './watch-status.ts'

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

/** Tells a live view of the signals to this process; the function it returns ends that. */
export function listenToSignals({ end, suspend, resume }: SignalHandlers): () => void {
  const onEnd = (signal: NodeJS.Signals): void => {
    end(128 + constants.signals[signal])
  }
  // Stopped by SIGSTOP after that, for a handler of SIGTSTP keeps the process running.
  const onStop = (): void => {
    suspend()
    process.kill(process.pid, 'SIGSTOP')
  }
  for (const signal of endings) process.on(signal, onEnd)
  process.on('SIGTSTP', onStop)
  process.on('SIGCONT', resume)
  // Whatever else ends this process, the terminal is given back.
  process.on('exit', suspend)
  return () => {
    for (const signal of endings) process.off(signal, onEnd)
    process.off('SIGTSTP', onStop)
    process.off('SIGCONT', resume)
    process.off('exit', suspend)
  }
}
