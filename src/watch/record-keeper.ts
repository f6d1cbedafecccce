import type { Status } from '../registry/status.ts'
import { atMost } from './at-most.ts'
import type { Clock } from './clock.ts'
import type { Voice } from './voice.ts'

/** How long somebody waits for a status to be saved. */
const patienceMs = 1000

/** Hands on every status to be saved; that this fails, or works again, is logged once. */
export class RecordKeeper {
  readonly #save: (status: Status) => Promise<void>
  readonly #voice: Voice
  #saved: Promise<void> = Promise.resolve()
  #fails = false

  constructor(save: (status: Status) => Promise<void>, voice: Voice) {
    this.#save = save
    this.#voice = voice
  }

  /** Begins to save a status. */
  keep(status: Status): void {
    this.#saved = this.#try(status)
  }

  /** Resolves when the last status is saved, or when that takes too long. */
  async saved(clock: Clock): Promise<void> {
    await atMost(clock, patienceMs, this.#saved)
  }

  async #try(status: Status): Promise<void> {
    try {
      await this.#save(status)
      if (this.#fails) this.#voice.log('info', 'the record can be written again')
      this.#fails = false
    } catch (error) {
      if (!this.#fails) {
        this.#voice.log('warn', `the record cannot be written, watching goes on: ${String(error)}`)
      }
      this.#fails = true
    }
  }
}
