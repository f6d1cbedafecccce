import type { PauseEnd } from '../../registry/pause-end.ts'
import type { LastCheck, Status } from '../../registry/status.ts'
import type { Clock } from '../../watch/clock.ts'
import { LatenessMeter } from '../../watch/lateness-meter.ts'

/** What all watches of a process come to together. */
export type FleetSummary = Pick<
  Status,
  'state' | 'failures' | 'worstCaseMs' | 'lateness' | 'drill'
> & {
  /** every server has answered since the start, but those that were judged abnormal meanwhile */
  succeeded: boolean
  /** the last check that failed where one fails, else the last one; its reason names the watch */
  lastCheck?: LastCheck
  /** where all are paused: of the pause that ends first */
  pauseEnd?: PauseEnd
  text: string
}

/** Beyond the worst-case detection time: a check may be a little late on a busy host. */
const marginMs = 10_000

/** So often at most, unless something has changed. */
const everyMs = 5000

type Seen = { status: Status; at: number }

/**
 * Sums up many watches for those who should not hear of every check: the record of their process, and
 * who started it. A single watch that comes to no end of its check is enough to silence it. What every
 * check of thousands brings about here takes no longer however many they are.
 */
export class FleetHealth {
  readonly #clock: Pick<Clock, 'now'>
  readonly #tell: (summary: FleetSummary) => void
  readonly #seen = new Map<string, Seen>()
  readonly #count: Count = emptyCount()
  readonly #lateness: LatenessMeter
  #told: { key: string; at: number } | undefined

  constructor(clock: Pick<Clock, 'now'>, tell: (summary: FleetSummary) => void) {
    this.#clock = clock
    this.#tell = tell
    this.#lateness = new LatenessMeter(clock)
  }

  /** Counts with a watch from now on, before it has anything to tell. */
  expect(id: string, status: Status): void {
    this.#set(id, status)
  }

  /** Takes note of the status of a watch. */
  note(id: string, status: Status): void {
    if (status.state === 'ending') {
      // When it is the process that ends, what its watches came to before is what counts.
      this.#forget(id)
      return
    }
    this.#measure(status, this.#seen.get(id)?.status)
    this.#set(id, status)
    const now = this.#clock.now()
    const { state, succeeded, failures } = outcomeOf(this.#count)
    const key = `${state} ${succeeded} ${failures}`
    const isNews = this.#told?.key !== key || now - this.#told.at >= everyMs
    if (!isNews || this.#isAnyOverdue(now)) return
    this.#told = { key, at: now }
    this.tellAgain()
  }

  /** Tells how they are, whatever was told before. */
  tellAgain(): void {
    const lateness = this.#lateness.snapshot()
    const statuses = new Map([...this.#seen].map(([name, one]) => [name, one.status]))
    this.#tell({ ...fleetSummary(statuses), ...(lateness && { lateness }) })
  }

  #set(id: string, status: Status): void {
    this.#forget(id)
    add(this.#count, status, 1)
    this.#seen.set(id, { status, at: this.#clock.now() })
  }

  #forget(id: string): void {
    const known = this.#seen.get(id)
    if (known === undefined) return
    add(this.#count, known.status, -1)
    this.#seen.delete(id)
  }

  /** The first check of all, and the first after a pause, were due whenever there was a place for them. */
  #measure({ lastCheck, tally }: Status, before: Status | undefined): void {
    const checks = checksOf(before?.tally)
    if (lastCheck === undefined || before?.state === 'paused') return
    if (checks > 0 && checksOf(tally) > checks) this.#lateness.add(lastCheck.lateMs ?? 0)
  }

  #isAnyOverdue(now: number): boolean {
    for (const { status, at } of this.#seen.values()) {
      if (status.state !== 'paused' && now - at > status.worstCaseMs + marginMs) return true
    }
    return false
  }
}

function checksOf(tally: Status['tally']): number {
  if (tally === undefined) return 0
  const { ok, failed, cannotJudge, discarded } = tally.checks
  return ok + failed + cannotJudge + discarded
}

/** How many watches there are, and how many of them are so. */
type Count = {
  all: number
  watching: number
  failing: number
  paused: number
  answered: number
  /** have answered, or were judged abnormal */
  settled: number
}

function emptyCount(): Count {
  return { all: 0, watching: 0, failing: 0, paused: 0, answered: 0, settled: 0 }
}

function add(count: Count, { state, succeeded }: Status, by: 1 | -1): void {
  count.all += by
  if (state === 'watching') count.watching += by
  if (isBad(state)) count.failing += by
  if (state === 'paused') count.paused += by
  if (succeeded === true) count.answered += by
  if (succeeded === true || state === 'abnormal') count.settled += by
}

function isBad(state: Status['state']): boolean {
  return state === 'failing' || state === 'repairing' || state === 'abnormal'
}

function outcomeOf({
  all,
  failing,
  paused,
  answered,
  settled,
}: Count): Pick<FleetSummary, 'state' | 'failures' | 'succeeded'> {
  const succeeded = settled === all && answered > 0
  const state =
    paused > 0 && paused === all
      ? 'paused'
      : failing > 0
        ? 'failing'
        : succeeded
          ? 'watching'
          : 'starting'
  return { state, failures: failing, succeeded }
}

/** What these watches come to. */
export function fleetSummary(all: ReadonlyMap<string, Status>): FleetSummary {
  const count = emptyCount()
  let worstCaseMs = 0
  let drill: Status['drill']
  for (const status of all.values()) {
    add(count, status, 1)
    worstCaseMs = Math.max(worstCaseMs, status.worstCaseMs)
    drill ??= status.drill
  }
  const { watching, failing, paused } = count
  const parts = [
    `${watching} of ${all.size} well`,
    ...(failing > 0 ? [`${failing} failing`] : []),
    ...(paused > 0 ? [`${paused} paused`] : []),
    ...(drill === undefined ? [] : ['DRILL']),
  ]
  const lastCheck = lastOf(all)
  const outcome = outcomeOf(count)
  const pauseEnd = outcome.state === 'paused' ? firstPauseEnd(all.values()) : undefined
  return {
    ...outcome,
    worstCaseMs,
    ...(lastCheck && { lastCheck }),
    ...(pauseEnd && { pauseEnd }),
    ...(drill && { drill }),
    text: parts.join(', '),
  }
}

/** Of several pauses, the end that comes first. */
export function firstPauseEnd(all: Iterable<{ pauseEnd?: PauseEnd }>): PauseEnd | undefined {
  let first: PauseEnd | undefined
  for (const { pauseEnd } of all) {
    if (pauseEnd === undefined) continue
    if (first === undefined || pauseEnd.untilUptimeMs < first.untilUptimeMs) first = pauseEnd
  }
  return first
}

function lastOf(all: ReadonlyMap<string, Status>): LastCheck | undefined {
  let last: LastCheck | undefined
  for (const [id, { state, lastCheck }] of all) {
    if (lastCheck === undefined) continue
    const isWorse = isBad(state)
    const wasBad = last !== undefined && last.verdict !== 'ok'
    if (
      last === undefined ||
      (isWorse && !wasBad) ||
      (isWorse === wasBad && lastCheck.at > last.at)
    ) {
      const { reason } = lastCheck
      last = { ...lastCheck, ...(reason !== undefined && { reason: `${id}: ${reason}` }) }
    }
  }
  return last
}
