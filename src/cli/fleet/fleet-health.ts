import type { Status } from '../../registry/status.ts'
import type { Clock } from '../../watch/clock.ts'

/** What a service manager is told of all watches together. */
export type FleetSummary = Pick<Status, 'state' | 'succeeded' | 'worstCaseMs'> & { text: string }

/** Beyond the worst-case detection time: a check may be a little late on a busy host. */
const marginMs = 10_000

/** So often at most, unless something has changed. */
const everyMs = 5000

type Seen = { status: Status; at: number }

/**
 * Sums up many watches for who started their process, which it should not hear of for every check.
 * A single watch that comes to no end of its check is enough to silence it.
 */
export class FleetHealth {
  readonly #clock: Pick<Clock, 'now'>
  readonly #tell: (summary: FleetSummary) => void
  readonly #seen = new Map<string, Seen>()
  #told: { key: string; at: number } | undefined

  constructor(clock: Pick<Clock, 'now'>, tell: (summary: FleetSummary) => void) {
    this.#clock = clock
    this.#tell = tell
  }

  /** Takes note of the status of a watch. */
  note(id: string, status: Status): void {
    const now = this.#clock.now()
    if (status.state === 'ending') this.#seen.delete(id)
    else this.#seen.set(id, { status, at: now })
    if (this.#seen.size === 0) return
    const all = [...this.#seen.values()]
    const summary = summaryOf(all.map((one) => one.status))
    const key = `${summary.state} ${summary.succeeded}`
    const isNews = this.#told?.key !== key || now - this.#told.at >= everyMs
    if (!isNews || all.some((one) => isOverdue(one, now))) return
    this.#told = { key, at: now }
    this.#tell(summary)
  }
}

function isOverdue({ status, at }: Seen, now: number): boolean {
  return status.state !== 'paused' && now - at > status.worstCaseMs + marginMs
}

function summaryOf(all: readonly Status[]): FleetSummary {
  const count = (...states: Status['state'][]) =>
    all.filter(({ state }) => states.includes(state)).length
  const bad = count('failing', 'abnormal')
  const paused = count('paused')
  const begun = all.filter(({ state, succeeded }) => succeeded === true || state === 'abnormal')
  const isUp = begun.length === all.length && all.some(({ succeeded }) => succeeded === true)
  const parts = [
    `${count('watching')} of ${all.length} well`,
    ...(bad > 0 ? [`${bad} failing`] : []),
    ...(paused > 0 ? [`${paused} paused`] : []),
  ]
  return {
    state: paused === all.length ? 'paused' : bad > 0 ? 'failing' : isUp ? 'watching' : 'starting',
    succeeded: isUp,
    worstCaseMs: Math.max(...all.map(({ worstCaseMs }) => worstCaseMs)),
    text: parts.join(', '),
  }
}
