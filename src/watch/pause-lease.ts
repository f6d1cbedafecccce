import type { PauseEnd } from '../registry/pause-end.ts'
import type { Refusal } from '../registry/refusal.ts'
import type { Clock } from './clock.ts'

/** How long watching may be paused. */
export type PauseLimits = {
  /** at a time; without it a pause may have no end */
  longestMs?: number
  /** so often the end of a pause may be put off */
  extensions: number
}

/** A pause as it is asked for, and what is left of the one that there is. */
export type PauseWish = {
  wantedMs: number | undefined
  isPaused: boolean
  /** of a pause with an end; undefined where it has none */
  leftMs: number | undefined
  extensionsLeft: number
}

/** What comes of a wish: a pause of this length (undefined: without an end), or why there is none. */
export type PauseGrant =
  | { kind: 'granted'; ms: number | undefined; extensionsLeft: number }
  | { kind: 'refused'; refusal: Refusal; text: string }

/**
 * Decides on a pause. To put the end off is limited, to bring it forward is not, nor is to take it away
 * where a pause may be without one.
 */
export function decidePause(wish: PauseWish, limits: PauseLimits): PauseGrant {
  const { isPaused, leftMs } = wish
  const { longestMs, extensions } = limits
  const ms = wish.wantedMs ?? longestMs
  if (ms !== undefined && longestMs !== undefined && ms > longestMs) {
    const seconds = longestMs / 1000
    const refusal = { why: 'pause-too-long', values: { seconds } }
    return { kind: 'refused', refusal, text: `at most ${seconds} s` }
  }
  // One without an end is put off by nothing.
  if (!isPaused || leftMs === undefined || ms === undefined) {
    return { kind: 'granted', ms, extensionsLeft: extensions }
  }
  const { extensionsLeft } = wish
  if (ms <= leftMs) return { kind: 'granted', ms, extensionsLeft }
  if (extensionsLeft <= 0) {
    const refusal = { why: 'pause-put-off', values: { times: extensions } }
    return { kind: 'refused', refusal, text: `put off as often as allowed: ${extensions}` }
  }
  return { kind: 'granted', ms, extensionsLeft: extensionsLeft - 1 }
}

/** So long before its end a pause is told to be about to end. */
const warningsMs: readonly number[] = [600_000, 60_000]

/** Timers stand still while the machine is suspended, and the time of day may be set: looked at so often at least. */
const lookEveryMs = 30_000

/** The uptime is told in whole seconds. */
const uptimeStepMs = 1000

/** What is done about a pause that has an end. */
export type LeaseParts = {
  clock: Clock
  warn: (secondsLeft: number) => void
  end: () => void
  /** the time of day was set: what is shown is no longer right */
  changed: () => void
}

type Held = {
  endNow: number
  endUptime: number
  shownMs: number
  extensionsLeft: number
  warnings: readonly number[]
}

/** A pause that ends by itself. */
export class PauseLease {
  readonly #parts: LeaseParts
  #held: Held | undefined
  #clearTimer: () => void = () => undefined

  constructor(parts: LeaseParts) {
    this.#parts = parts
  }

  /** Begins, or begins anew; without a length there is no end any more. */
  set(ms: number | undefined, extensionsLeft: number): void {
    this.clear()
    if (ms === undefined) return
    const { clock } = this.#parts
    this.#held = {
      endNow: clock.now() + ms,
      endUptime: clock.uptime() + ms + uptimeStepMs,
      shownMs: clock.date().getTime() + ms,
      extensionsLeft,
      warnings: warningsMs.filter((before) => before < ms),
    }
    this.#wait()
  }

  /** The pause is over, or has no end any more. */
  clear(): void {
    this.#clearTimer()
    this.#held = undefined
  }

  /** How long the pause still lasts; undefined where it has no end. */
  get leftMs(): number | undefined {
    const { clock } = this.#parts
    const held = this.#held
    if (held === undefined) return undefined
    // The one does not count while the machine is suspended, the other is coarse: the earlier end counts.
    return Math.max(0, Math.min(held.endNow - clock.now(), held.endUptime - clock.uptime()))
  }

  /** How often it may still be put off. */
  get extensionsLeft(): number {
    return this.#held?.extensionsLeft ?? 0
  }

  /** What the record says of it. */
  get shown(): PauseEnd | undefined {
    const held = this.#held
    if (held === undefined) return undefined
    return {
      until: new Date(held.shownMs).toISOString(),
      untilUptimeMs: Math.round(held.endUptime),
      extensionsLeft: held.extensionsLeft,
    }
  }

  #wait(): void {
    const left = this.leftMs ?? 0
    const next = Math.max(0, ...(this.#held?.warnings ?? []))
    const ms = Math.min(lookEveryMs, Math.max(1, Math.ceil(left - next)))
    this.#clearTimer = this.#parts.clock.setTimer(ms, () => {
      this.#look()
    })
  }

  #look(): void {
    const held = this.#held
    const left = this.leftMs
    if (held === undefined || left === undefined) return
    if (left === 0) {
      this.clear()
      this.#parts.end()
      return
    }
    const isDue = held.warnings.some((before) => before >= left)
    held.warnings = held.warnings.filter((before) => before < left)
    this.#wait()
    if (isDue) this.#parts.warn(Math.ceil(left / 1000))
    const shownMs = this.#parts.clock.date().getTime() + left
    if (Math.abs(shownMs - held.shownMs) <= 2 * uptimeStepMs) return
    held.shownMs = shownMs
    this.#parts.changed()
  }
}
