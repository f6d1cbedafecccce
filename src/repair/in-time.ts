import type { RepairClock } from './repair-clock.ts'

/** Something that did not come to its end in time. */
export class TooLateError extends Error {
  override readonly name = 'TooLateError'

  /** What it is called here is nobody's business. */
  override toString(): string {
    return this.message
  }
}

/** Work that was begun, and has not come back, though nobody may wait for it any more. */
export type Outstanding = Set<Promise<unknown>>

/**
 * What becomes of some work, unless it takes longer than this; then it rejects, and the work is on its
 * own: whoever ends the process finds it among the outstanding.
 */
export async function inTime<T>(
  clock: Pick<RepairClock, 'setTimer'>,
  ms: number,
  what: string,
  work: Promise<T>,
  outstanding?: Outstanding,
): Promise<T> {
  outstanding?.add(work)
  const forget = (): void => {
    outstanding?.delete(work)
  }
  void work.then(forget, forget)
  let clearTimer: (() => void) | undefined
  const late = new Promise<never>((_, reject) => {
    clearTimer = clock.setTimer(ms, () => {
      reject(new TooLateError(`${what} took longer than ${ms} ms`))
    })
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimer?.()
  }
}
