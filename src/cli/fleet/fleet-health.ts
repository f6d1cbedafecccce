import type { LastCheck, Status } from '../../registry/status.ts'
import type { Clock } from '../../watch/clock.ts'

/** What all watches of a process come to together. */
export type FleetSummary = Pick<Status, 'state' | 'failures' | 'worstCaseMs'> & {
  /** every server has answered since the start, but those that were judged abnormal meanwhile */
  succeeded: boolean
  /** the last check that failed where one fails, else the last one; its reason names the watch */
  lastCheck?: LastCheck
  text: string
}

/** Beyond the worst-case detection time: a check may be a little late on a busy host. */
const marginMs = 10_000

/** So often at most, unless something has changed. */
const everyMs = 5000

type Seen = { status: Status; at: number }

/**
 * Sums up many watches for those who should not hear of every check: the record of their process, and
 * who started it. A single watch that comes to no end of its check is enough to silence it.
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

  /** Counts with a watch from now on, before it has anything to tell. */
  expect(id: string, status: Status): void {
    this.#seen.set(id, { status, at: this.#clock.now() })
  }

  /** Takes note of the status of a watch. */
  note(id: string, status: Status): void {
    const now = this.#clock.now()
    if (status.state === 'ending') {
      // When it is the process that ends, what its watches came to before is what counts.
      this.#seen.delete(id)
      return
    }
    this.#seen.set(id, { status, at: now })
    const summary = fleetSummary(new Map([...this.#seen].map(([name, one]) => [name, one.status])))
    const key = `${summary.state} ${summary.succeeded} ${summary.failures}`
    const isNews = this.#told?.key !== key || now - this.#told.at >= everyMs
    if (!isNews || [...this.#seen.values()].some((one) => isOverdue(one, now))) return
    this.#told = { key, at: now }
    this.#tell(summary)
  }
}

function isOverdue({ status, at }: Seen, now: number): boolean {
  return status.state !== 'paused' && now - at > status.worstCaseMs + marginMs
}

/** What these watches come to. */
export function fleetSummary(all: ReadonlyMap<string, Status>): FleetSummary {
  const statuses = [...all.values()]
  const count = (...states: Status['state'][]) =>
    statuses.filter(({ state }) => states.includes(state)).length
  const failures = count('failing', 'abnormal')
  const paused = count('paused')
  const hasBegun = statuses.every(
    ({ state, succeeded }) => succeeded === true || state === 'abnormal',
  )
  const succeeded = hasBegun && statuses.some((one) => one.succeeded === true)
  const parts = [
    `${count('watching')} of ${statuses.length} well`,
    ...(failures > 0 ? [`${failures} failing`] : []),
    ...(paused > 0 ? [`${paused} paused`] : []),
  ]
  const lastCheck = lastOf(all)
  return {
    state:
      paused > 0 && paused === statuses.length
        ? 'paused'
        : failures > 0
          ? 'failing'
          : succeeded
            ? 'watching'
            : 'starting',
    failures,
    succeeded,
    worstCaseMs: Math.max(0, ...statuses.map(({ worstCaseMs }) => worstCaseMs)),
    ...(lastCheck && { lastCheck }),
    text: parts.join(', '),
  }
}

function lastOf(all: ReadonlyMap<string, Status>): LastCheck | undefined {
  let last: LastCheck | undefined
  for (const [id, { state, lastCheck }] of all) {
    if (lastCheck === undefined) continue
    const isBad = state === 'failing' || state === 'abnormal'
    const wasBad = last !== undefined && last.verdict !== 'ok'
    if (last === undefined || (isBad && !wasBad) || (isBad === wasBad && lastCheck.at > last.at)) {
      const { reason } = lastCheck
      last = { ...lastCheck, ...(reason !== undefined && { reason: `${id}: ${reason}` }) }
    }
  }
  return last
}
