import type { Status } from '../registry/status.ts'
import type { Clock } from './clock.ts'
import { decidePause, PauseLease, type PauseGrant, type PauseLimits } from './pause-lease.ts'
import type { Position } from './state.ts'
import type { CheckTally } from './tally.ts'
import type { Voice } from './voice.ts'

/** What the pauses of a watch are made with. */
export type PausingParts = {
  clock: Clock
  voice: Voice
  tally: CheckTally
  /** unless told, a pause lasts until somebody has the watch go on */
  limits: PauseLimits | undefined
  /** where the watch is, for what is said */
  position: () => Position
  /** the pause has reached its end */
  goOn: () => void
  /** what is shown of it has changed */
  changed: () => void
}

const noLimits: Readonly<PauseLimits> = { extensions: 3 }

const reminderMs = 60 * 60 * 1000

/** the alert that a pause is about to end */
const endsSoon = 107

/** The pauses of one watch: how long one may be, what reminds of it, and what is shown of it. */
export class Pausing {
  readonly #parts: PausingParts
  readonly #lease: PauseLease
  #since: Date | undefined
  /** the same by the uptime, for a time of day may be set while it lasts */
  #at: number | undefined
  #clearReminder: () => void = () => undefined

  constructor(parts: PausingParts) {
    this.#parts = parts
    const { clock, voice, position, goOn, changed } = parts
    this.#lease = new PauseLease({
      clock,
      warn: (nn) => {
        voice.announce({ id: endsSoon, nn }, position())
      },
      end: () => {
        voice.log('info', 'the pause has reached its end')
        goOn()
      },
      changed,
    })
  }

  /** Whether the pause that there is ends by itself. */
  get hasEnd(): boolean {
    return this.#lease.leftMs !== undefined
  }

  /** When it does, as it is shown. */
  get shown(): Status['pauseEnd'] {
    return this.#lease.shown
  }

  /** What comes of a wish. */
  grantOf(wantedMs: number | undefined): PauseGrant {
    const { limits = noLimits, position } = this.#parts
    const isPaused = position().state === 'paused'
    const { leftMs, extensionsLeft } = this.#lease
    return decidePause({ wantedMs, isPaused, leftMs, extensionsLeft }, limits)
  }

  /** The pause, new or not, ends as it was granted. */
  set({ ms, extensionsLeft }: Extract<PauseGrant, { kind: 'granted' }>): void {
    this.#lease.set(ms, extensionsLeft)
  }

  /** It begins, and is reminded of every hour. */
  begin(): void {
    const { clock } = this.#parts
    this.#count()
    this.#at = clock.uptime()
    this.#since = clock.date()
    this.#remindLater(this.#since)
  }

  /** It is over. */
  end(): void {
    this.#lease.clear()
    this.#count()
    this.#at = undefined
    this.#since = undefined
  }

  /** What the record says of it. */
  status(): Pick<Status, 'pausedSince' | 'pausedUptimeMs' | 'pauseEnd'> {
    const { shown } = this
    return {
      ...(this.#since && { pausedSince: this.#since.toISOString() }),
      ...(this.#at !== undefined && { pausedUptimeMs: Math.floor(this.#at) }),
      ...(shown && { pauseEnd: shown }),
    }
  }

  #count(): void {
    this.#clearReminder()
    const { clock, tally } = this.#parts
    if (this.#at !== undefined) tally.addPause(clock.uptime() - this.#at)
  }

  #remindLater(since: Date): void {
    const { clock, voice } = this.#parts
    this.#clearReminder = clock.setTimer(reminderMs, () => {
      voice.remind(since)
      this.#remindLater(since)
    })
  }
}
