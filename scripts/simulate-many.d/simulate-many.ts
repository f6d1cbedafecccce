// The simulation itself; scripts/simulate-many is the way in, and says what is simulated.
import { Fleet } from '../../src/watch/fleet.ts'
import { Gate } from '../../src/watch/gate.ts'
import type { Clock } from '../../src/watch/clock.ts'
import { LastingWatch } from '../../src/watch/lasting-watch.ts'

const [counts = '1000,3000,10000,30000', ...numbers] = process.argv.slice(2)
const [intervalS = 30, cpuMs = 2.5, serverMs = 20, silentPercent = 1] = numbers.map(Number)
const watchesEach = 50
const intervals = 16

type Event = { at: number; dueAt: number; callback: () => void; isOff: boolean }

/** Time passes from event to event; while the processor is busy, those that are due wait for it. */
class SimulatedClock implements Clock {
  #now = 0
  #busyUntil = 0
  #spentMs = 0
  readonly #heap: Event[] = []

  readonly now = () => this.#now
  readonly uptime = () => this.#now
  readonly date = () => new Date(this.#now)

  readonly setTimer = (ms: number, callback: () => void) => {
    const dueAt = this.#now + ms
    const event = { at: dueAt, dueAt, callback, isOff: false }
    this.#push(event)
    return () => {
      event.isOff = true
    }
  }

  get spentMs(): number {
    return this.#spentMs
  }

  /** Keeps the processor busy for so long. */
  spend(ms: number): void {
    this.#busyUntil = Math.max(this.#now, this.#busyUntil) + ms
    this.#spentMs += ms
  }

  async run(untilMs: number): Promise<void> {
    for (let event = this.#pop(); event !== undefined && event.at <= untilMs; event = this.#pop()) {
      if (event.isOff) continue
      if (event.at < this.#busyUntil) {
        event.at = this.#busyUntil
        this.#push(event)
        continue
      }
      this.#now = event.at
      event.callback()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  #push(event: Event): void {
    const heap = this.#heap
    let at = heap.push(event) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || isBefore(parent, event)) break
      heap[at] = parent
      at = above
    }
    heap[at] = event
  }

  #pop(): Event | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return first
    let at = 0
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]]
      if (left === undefined) break
      const isLeft = right === undefined || isBefore(left, right)
      const least = isLeft ? left : right
      if (isBefore(last, least)) break
      heap[at] = least
      at = 2 * at + (isLeft ? 1 : 2)
    }
    heap[at] = last
    return first
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.at === b.at ? a.dueAt < b.dueAt : a.at < b.at
}

function simulate(count: number) {
  const clock = new SimulatedClock()
  const gate = new Gate(clock, { inAll: 64, perAddress: 8, holdMs: 250 })
  const fleet = new Fleet('all')
  const intervalMs = intervalS * 1000
  const seen = { late: [] as number[], checks: 0, underWay: 0, most: 0, judged: 0 }
  const addresses = Math.ceil(count / watchesEach)
  const silent = Math.round((addresses * silentPercent) / 100)
  for (let index = 0; index < count; index += 1) {
    const address = index % addresses
    let done = 0
    const watch = new LastingWatch(
      {
        timing: { intervalMs, retryIntervalMs: intervalMs, deadlineMs: 60_000, retries: 5 },
        firstIntervalMs: (intervalMs * (index + 1)) / count,
        tallySize: { edgesS: [], mostRecent: 1 },
        clock,
        enter: (haste) => gate.enter(String(address), haste),
        probe: async (signal) => {
          clock.spend(cpuMs)
          seen.underWay += 1
          seen.most = Math.max(seen.most, seen.underWay)
          const takesMs = address < silent ? Infinity : -Math.log(1 - Math.random()) * serverMs
          const isLate = await new Promise<boolean>((resolve) => {
            signal.addEventListener('abort', () => {
              resolve(true)
            })
            if (takesMs < Infinity) clock.setTimer(takesMs, () => resolve(false))
          })
          seen.underWay -= 1
          if (!isLate) return { kind: 'ok', stages: [], detail: {} }
          const cause = { id: 74, nn: 110 }
          return {
            kind: 'failed',
            stages: [],
            stage: 'connect',
            failure: 'timeout',
            cause,
            reason: '',
            detail: {},
          }
        },
        announce: ({ id }) => {
          if (id === 6) seen.judged += 1
        },
        log: () => undefined,
        saveRecord: async ({ lastCheck, tally }) => {
          const checks = (tally?.checks.ok ?? 0) + (tally?.checks.failed ?? 0)
          if (checks === done) return
          done = checks
          if (clock.now() < (intervals / 2) * intervalMs || address < silent) return
          seen.checks += 1
          seen.late.push(lastCheck?.lateMs ?? 0)
        },
      },
      () => true,
    )
    fleet.begin({
      id: String(index),
      group: '',
      run: async () => watch.run(),
      stop: async (why) => watch.stop(why),
    })
  }
  return { clock, seen, silent }
}

const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |\n`
process.stdout.write(
  `every ${intervalS} s, ${cpuMs} ms of CPU and ${serverMs} ms of the server a check, ${silentPercent} % of the addresses silent\n\n`,
)
process.stdout.write(
  row([
    'watches',
    '% of a core',
    'late p50 ms',
    'p99',
    'most',
    'checks',
    'at once, most',
    'silent addresses',
  ]),
)
process.stdout.write(row(Array.from({ length: 8 }, () => '---:')))
for (const count of counts.split(',').map(Number)) {
  const { clock, seen, silent } = simulate(count)
  const untilMs = intervals * intervalS * 1000
  await clock.run(untilMs)
  const late = Float64Array.from(seen.late).toSorted()
  const at = (share: number) =>
    late[Math.min(late.length - 1, Math.floor(late.length * share))] ?? NaN
  const percent = ((clock.spentMs / untilMs) * 100).toFixed(1)
  process.stdout.write(
    row([count, percent, at(0.5), at(0.99), at(1), seen.checks, seen.most, silent]),
  )
}
