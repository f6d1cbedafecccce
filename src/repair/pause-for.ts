import type { RepairClock } from './repair-clock.ts'

/** Waits for so long, or until the signal aborts. */
export async function pauseFor(
  clock: Pick<RepairClock, 'setTimer'>,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimer()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const clearTimer = clock.setTimer(ms, end)
    signal.addEventListener('abort', end)
  })
}
