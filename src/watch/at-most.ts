import type { Clock } from './clock.ts'

/** Waits for a promise, but no longer than this; a rejection ends the wait like any other end. */
export async function atMost(clock: Clock, ms: number, promise: Promise<unknown>): Promise<void> {
  const over = new AbortController()
  const timeout = new Promise<void>((resolve) => {
    over.signal.addEventListener('abort', clock.setTimer(ms, resolve))
  })
  try {
    await Promise.race([promise, timeout])
  } catch {
    // Whoever owns the promise hears of it.
  } finally {
    over.abort()
  }
}
