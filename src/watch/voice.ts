import type { Announcement, LogLevel } from '../alert/announcement.ts'
import type { Cause, Detail } from '../probe/probe.ts'
import type { CheckResult } from './check.ts'
import type { Action, Position } from './state.ts'

/** Says something to the operator; must not wait. */
export type Announce = (announcement: Announcement) => void

/** Writes a line into the log; must not wait. */
export type Log = (level: LogLevel, text: string, detail?: Detail) => void

/** Alerts that are not about a check. */
const withoutCheck: ReadonlySet<number> = new Set([1, 3, 7, 8, 107, 108])

/** Puts into words what a watch does; an announcement or a log that throws does it no harm. */
export class Voice {
  readonly #announce: Announce
  readonly #log: Log
  readonly #attempts: number
  readonly #openingDetail: Detail
  #reason = ''
  #result: CheckResult | undefined
  #lostMs = 0

  constructor(announce: Announce, log: Log, attempts: number, openingDetail: Detail) {
    this.#announce = announce
    this.#log = log
    this.#attempts = attempts
    this.#openingDetail = openingDetail
  }

  /** From now on, this is the check that is spoken of. */
  about(result: CheckResult): void {
    const { outcome, lostMs } = result
    this.#reason = 'reason' in outcome ? outcome.reason : ''
    this.#result = result
    this.#lostMs = lostMs
  }

  /** Put together when something is said, for of most checks nothing is. */
  get #detail(): Detail {
    return this.#result === undefined ? {} : detailOf(this.#result)
  }

  /** Gives the alert of a cause. */
  announce({ id, nn, text }: Cause, { counters }: Position, more: Detail = {}): void {
    const attempt = Math.max(counters.failures, counters.ownTroubles)
    let detail: Detail = {}
    if (id === 1) detail = this.#openingDetail
    else if (!withoutCheck.has(id)) {
      detail = { ...this.#detail, ...(attempt > 0 && { attempt, attempts: this.#attempts }) }
    }
    detail = { ...detail, ...more }
    this.#say({ id, detail, ...(nn !== undefined && { nn }), ...(text !== undefined && { text }) })
  }

  /** Reminds the log of a pause. */
  remind(pausedSince: Date): void {
    this.#say({ id: 7, reminder: true, detail: { pausedSince: pausedSince.toISOString() } })
  }

  /** Notes in the log what became of a verdict. */
  note(what: Extract<Action, { do: 'note' }>['what'], before: Position, now: Position): void {
    const { failures, ownTroubles } = now.counters
    const reason = this.#reason
    switch (what) {
      case 'recovered':
        this.log('info', `answers again, after failures: ${before.counters.failures}`, this.#detail)
        return
      case 'failure':
        this.log('warn', `check failed, ${failures} of ${this.#attempts}: ${reason}`, this.#detail)
        return
      case 'still-failing':
        this.log('warn', `check failed, under repair: ${reason}`, this.#detail)
        return
      case 'early':
        this.log('warn', `not up yet, which does not count: ${reason}`, this.#detail)
        return
      case 'own-trouble':
        this.log(
          'error',
          `could not judge, ${ownTroubles} of ${this.#attempts}: ${reason}`,
          this.#detail,
        )
        return
      case 'discarded':
        this.log(
          'warn',
          `this process stood still for ${this.#lostMs} ms; verdict discarded, check repeated: ${reason}`,
          this.#detail,
        )
        return
      case 'no-more-discards':
        this.log(
          'warn',
          `this process stood still for ${this.#lostMs} ms once more; the verdict counts all the same`,
          this.#detail,
        )
        return
    }
  }

  /** Writes a line into the log. */
  log(level: LogLevel, text: string, detail?: Detail): void {
    try {
      this.#log(level, text, detail)
    } catch {
      // Nobody is left to tell, and the watch is worth more than its log.
    }
  }

  #say(announcement: Announcement): void {
    try {
      this.#announce(announcement)
    } catch (error) {
      this.log('error', `alert ${announcement.id} could not be given: ${String(error)}`)
    }
  }
}

function detailOf({ outcome, ms }: CheckResult): Detail {
  const stages = outcome.stages.map(({ name, ms: stageMs }) => `${name} ${stageMs}`).join(', ')
  return {
    ...('detail' in outcome && outcome.detail),
    ...('stage' in outcome && { stage: outcome.stage }),
    ...('failure' in outcome && { failure: outcome.failure }),
    ...('reason' in outcome && { reason: outcome.reason }),
    ms,
    stages,
  }
}
