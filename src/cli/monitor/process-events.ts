/** What can come from outside to a process that watches. */
export type ProcessHandlers = {
  onStop: (why: string) => void
  onBug: (error: unknown) => void
  /** what SIGHUP means; without it, the end as well */
  onReload?: () => void
}

/**
 * From now on signals end the watch in good order, and an error that nobody caught is told to it
 * instead of ending the process. (Node forgets what its starter wants ignored, so nohup changes
 * nothing here; setsid does.)
 */
export function listenToProcess({ onStop, onBug, onReload }: ProcessHandlers): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (signal === 'SIGHUP' && onReload !== undefined) onReload()
      else onStop(signal)
    })
  }
  // Until now there was no watch to tell, and the launcher would have ended the process.
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', onBug)
  process.on('unhandledRejection', onBug)
}
