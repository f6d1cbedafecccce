import type { Clock } from './clock.ts'
import type { BeginMending, Mending } from './mending.ts'
import type { Position } from './state.ts'
import type { Voice } from './voice.ts'

/** What the repairs of a watch are made with. */
export type RepairingParts = {
  /** undefined where nothing is to be repaired */
  begin: BeginMending | undefined
  /** how long a repair may take */
  longestMs: number
  clock: Pick<Clock, 'setTimer'>
  voice: Voice
}

/** so much longer than it may take a repair is waited for */
const overrunMs = 10_000

/** the alert that says what a repair came to */
const repaired = 106

/** The repairs of one watch, one at a time; what goes wrong in one ends that one alone. */
export class Repairing {
  readonly #parts: RepairingParts
  #mending: Mending | undefined
  #isBusy = false
  #leaving: Promise<void> | undefined

  constructor(parts: RepairingParts) {
    this.#parts = parts
  }

  /** Whether anything may be repaired at all. */
  get isPossible(): boolean {
    return this.#parts.begin !== undefined
  }

  /** Whether a repair does something other than wait for a check. */
  get isBusy(): boolean {
    return this.#isBusy
  }

  /** Resolves when a repair that was broken off is out of the way; undefined where there is none. */
  get leaving(): Promise<void> | undefined {
    return this.#leaving
  }

  /** Does what comes next, beginning a repair where there is none; it is busy until it is told to rest. */
  async goOn(): Promise<'check' | 'give-up'> {
    this.#isBusy = true
    try {
      const { begin, clock, longestMs, voice } = this.#parts
      this.#mending ??= begin?.()
      const mending = this.#mending
      if (mending === undefined) return 'give-up'
      let clearTimer: (() => void) | undefined
      // It keeps its own time; should it not, a dead server is not hidden for any longer.
      const overrun = new Promise<'give-up'>((resolve) => {
        clearTimer = clock.setTimer(longestMs + overrunMs, () => {
          voice.log('error', 'a repair did not come back in its time; it is given up')
          void this.#leave(mending)
          resolve('give-up')
        })
      })
      try {
        return await Promise.race([mending.goOn(), overrun])
      } finally {
        clearTimer?.()
      }
    } catch (error) {
      this.#parts.voice.log('error', `bug in a repair, which ends: ${String(error)}`)
      return 'give-up'
    }
  }

  /** A check is next, or nothing. */
  rest(): void {
    this.#isBusy = false
  }

  /** The repair is over, which is announced, if there was one. */
  conclude(how: Parameters<Mending['conclude']>[0], position: Position): void {
    const mending = this.#mending
    this.#mending = undefined
    if (mending === undefined) return
    const { voice } = this.#parts
    try {
      const { text, detail } = mending.conclude(how)
      voice.announce({ id: repaired, text }, position, detail)
    } catch (error) {
      voice.log('error', `bug in a repair, which is over: ${String(error)}`)
    }
  }

  /** Has the repair that there is end what it has begun. */
  breakOff(): void {
    if (this.#mending === undefined) return
    this.#isBusy = false
    this.#leaving = this.#leave(this.#mending)
  }

  async #leave(mending: Mending): Promise<void> {
    try {
      await mending.abandon()
    } catch (error) {
      this.#parts.voice.log('error', `bug in a repair that was broken off: ${String(error)}`)
    }
    this.#leaving = undefined
  }
}
