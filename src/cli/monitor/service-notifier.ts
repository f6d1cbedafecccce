import type { Status } from '../../registry/status.ts'
import type { Clock } from '../../watch/clock.ts'

/** What a notifier is put together from. */
export type NotifierParts = {
  /** sends these assignments to the service manager in one message */
  send: (assignments: readonly string[]) => Promise<void>
  clock: Clock
  /** the service manager ends a service that is silent for so long; none: it does not */
  watchdogMs: number | undefined
  /** hears once that sending does not work */
  onTrouble: (text: string) => void
}

/** Beyond the worst-case detection time: a monitor may be a little late on a busy host. */
const marginMs = 10_000

/**
 * Tells the service manager when the server has first answered, and from then on how it is.
 *
 * Its watchdog is fed by every check that comes to an end, whatever its verdict, and by nothing else:
 * a watch that hangs feeds it no more. So that it never ends one that is only slow, its time is set to
 * what the timing of the watch allows. A pause has no checks; while it lasts a timer stands in.
 */
export class ServiceNotifier {
  readonly #parts: NotifierParts
  #isTimed = false
  #isSending = false
  #hasTrouble = false
  #next: readonly string[] | undefined
  #clearTimer: () => void = () => undefined

  constructor(parts: NotifierParts) {
    this.#parts = parts
  }

  /** Takes note of a status; returns at once, and never throws. */
  tell(status: Status): void {
    this.tellOf(status, statusText(status))
  }

  /** The same, with a text that others have made. */
  tellOf(status: Pick<Status, 'state' | 'succeeded' | 'worstCaseMs'>, text: string): void {
    this.#clearTimer()
    const { watchdogMs, clock } = this.#parts
    const assignments = [`STATUS=${text}`]
    if (status.state === 'ending') assignments.push('STOPPING=1')
    const limitMs =
      watchdogMs === undefined ? undefined : Math.max(watchdogMs, status.worstCaseMs + marginMs)
    if (status.succeeded === true) {
      assignments.push('READY=1')
    }
    if (limitMs !== undefined) {
      // The first meal starts the watchdog, long before the service counts as started.
      if (!this.#isTimed) assignments.push(`WATCHDOG_USEC=${limitMs * 1000}`)
      assignments.push('WATCHDOG=1')
      if (status.state === 'paused') {
        this.#clearTimer = clock.setTimer(limitMs / 3, () => {
          this.tellOf(status, text)
        })
      }
    }
    // Only the latest waits while one is under way; what it must not lose is in every one.
    this.#next = assignments
    void this.#sendNext()
  }

  /** The end: nothing is fed any more. */
  close(): void {
    this.#clearTimer()
  }

  async #sendNext(): Promise<void> {
    if (this.#isSending) return
    this.#isSending = true
    while (this.#next !== undefined) {
      const assignments = this.#next
      this.#next = undefined
      try {
        await this.#parts.send(assignments)
        this.#isTimed = true
        this.#hasTrouble = false
      } catch (error) {
        if (!this.#hasTrouble) this.#parts.onTrouble(String(error))
        this.#hasTrouble = true
      }
    }
    this.#isSending = false
  }
}

function statusText({ state, failures, retries, lastCheck, drill }: Status): string {
  const verdict =
    lastCheck === undefined ? 'no check yet' : `${lastCheck.verdict}, ${lastCheck.ms} ms`
  const count = failures === 0 ? '' : `, failure ${failures} of ${retries + 1}`
  const reason = lastCheck?.reason === undefined ? '' : `: ${lastCheck.reason}`
  const mark = drill === undefined ? '' : 'DRILL: '
  return `${mark}${state}: ${verdict}${count}${reason}`.replace(/\s+/g, ' ').slice(0, 300)
}
