import type { Announcement } from '../alert/announcement.ts'
import type { ControlAnswer } from '../registry/control-message.ts'
import type { Status } from '../registry/status.ts'
import type { Ending } from './state.ts'
import { CheckTally } from './tally.ts'
import { Watch, type WatchParts } from './watch.ts'

/** What became of the server that is watched; answers whether the watch is to go on. */
export type Turn = (turn: 'well' | 'abnormal' | 'own-trouble') => boolean

/** Alerts that are told whatever has been said before: the operator's own doings. */
const alwaysTold: ReadonlySet<number> = new Set([3, 7, 8, 107, 108])

/**
 * A watch that may outlive its server: where others still answer for it, it asks on after the server
 * was judged abnormal, so that one that has come back is counted again. Until then it repeats its
 * alerts in the log alone.
 */
export class LastingWatch {
  readonly #parts: WatchParts
  readonly #turn: Turn
  #watch: Watch
  #downSince: Date | undefined
  #clearRest: () => void = () => undefined

  constructor(parts: WatchParts, turn: Turn) {
    this.#turn = turn
    this.#parts = {
      ...parts,
      tally: new CheckTally(parts.tallySize),
      announce: (announcement) => {
        const told = this.#tell(announcement)
        if (told !== undefined) parts.announce(told)
      },
      saveRecord: async (status) => parts.saveRecord(this.#shown(status)),
    }
    this.#watch = new Watch(this.#parts)
  }

  /** Watches until it is stopped, or its server is lost and nobody wants it to go on. */
  async run(): Promise<Ending> {
    for (;;) {
      const ending = await this.#watch.run()
      if (ending.how === 'stopped' || !this.#turn(ending.how)) return ending
      this.#downSince ??= this.#parts.clock.date()
      // Its time to start is over, and so is the beginning of many others.
      const { timing, firstIntervalMs: _, ...parts } = this.#parts
      this.#watch = new Watch({ ...parts, timing: { ...timing, startWaitMs: 0 } })
      void this.#save()
      await this.#rest()
    }
  }

  /** See {@link Watch.pause}. */
  async pause(wantedMs?: number): Promise<ControlAnswer> {
    return this.#watch.pause(wantedMs)
  }

  /** See {@link Watch.pauseRefusal}. */
  pauseRefusal(wantedMs?: number): ReturnType<Watch['pauseRefusal']> {
    return this.#watch.pauseRefusal(wantedMs)
  }

  /** See {@link Watch.continue}. */
  async continue(): Promise<ControlAnswer> {
    return this.#watch.continue()
  }

  /** See {@link Watch.stop}. */
  async stop(why: string): Promise<ControlAnswer> {
    this.#clearRest()
    return this.#watch.stop(why)
  }

  /** See {@link Watch.isExposed}. */
  get isExposed(): boolean {
    return this.#watch.isExposed
  }

  /** See {@link Watch.reportBug}. */
  reportBug(error: unknown): void {
    this.#watch.reportBug(error)
  }

  /** See {@link Watch.refreshRecord}. */
  refreshRecord(): void {
    this.#watch.refreshRecord()
  }

  /** See {@link Watch.forgetFailures}. */
  forgetFailures(): void {
    this.#watch.forgetFailures()
  }

  /** What the watch is doing, as its record shows it. */
  snapshot(): Status {
    return this.#shown(this.#watch.snapshot())
  }

  /** The last record says that the watch ends, which is not so. */
  async #save(): Promise<void> {
    try {
      await this.#parts.saveRecord(this.#watch.snapshot())
    } catch {
      // The watch says so when it writes its next one.
    }
  }

  /** The server has just been asked so often that the next time may wait. */
  async #rest(): Promise<void> {
    const { clock, timing } = this.#parts
    await new Promise<void>((resolve) => {
      const clearTimer = clock.setTimer(timing.retryIntervalMs, resolve)
      this.#clearRest = () => {
        clearTimer()
        resolve()
      }
    })
  }

  #tell(announcement: Announcement): Announcement | undefined {
    if (this.#downSince === undefined || alwaysTold.has(announcement.id)) return announcement
    if (announcement.id === 1) return undefined
    if (announcement.id !== 2) return { ...announcement, reminder: true }
    this.#downSince = undefined
    this.#turn('well')
    return announcement
  }

  #shown(status: Status): Status {
    const downSince = this.#downSince
    if (downSince === undefined || status.state === 'paused' || status.state === 'ending') {
      return status
    }
    return { ...status, state: 'abnormal', since: downSince.toISOString() }
  }
}
