import type { MonitorRecord } from '../registry/record.ts'
import { keyOf, type Finding } from './finding.ts'
import { emptyMemory, type Memory } from './memory.ts'
import type { LateChecks, Looked } from './look.ts'

/** What a guard is put together from. */
export type GuardParts = {
  memory: Memory
  bootId: string
  look: (resumedUptimeMs: number, lateChecks: LateChecks) => Promise<Looked>
  /** milliseconds since the machine started, its suspended time included, and how much of it that was */
  clock: () => { uptimeMs: number; suspendedMs: number }
  /** waits between two looks; resolves early when the guard is to end */
  wait: (ms: number) => Promise<void>
  began: (finding: Finding) => void
  over: (finding: Finding) => void
  /** told of a monitor that vanished with an earlier boot */
  before: (record: MonitorRecord) => void
  isStopped: () => boolean
}

/** What was found, whether alerted now or before. */
export type Guarded = { findings: readonly Finding[]; count: number }

/** From one look to the one that must find the same. */
const confirmMs = 5000

/** Whoever wakes up so much later from a wait is starved itself, and looks again before it says anything. */
const oversleptMs = 3000

const mostLooks = 4

/** A clock that has lost so much to a suspension has been suspended. */
const suspensionMs = 1000

/** Says once of each process what two looks have found of it, and once that it is over. */
export class Guard {
  readonly #parts: GuardParts
  #memory: Memory

  constructor(parts: GuardParts) {
    this.#parts = parts
    const { memory, bootId } = parts
    // Of processes of an earlier boot none is left that could become well.
    this.#memory = memory.bootId === bootId ? memory : { ...emptyMemory, bootId }
  }

  /** What is to be kept for the next guard. */
  get memory(): Memory {
    return this.#memory
  }

  /** Looks at all monitors, twice where anything is not as it was. */
  async round(): Promise<Guarded> {
    const { wait, clock, isStopped } = this.#parts
    let first = await this.#look()
    let second = first
    for (let looks = 1; this.#isNews(first) || this.#isNews(second); looks += 1) {
      const from = clock().uptimeMs
      await wait(confirmMs)
      if (isStopped()) return this.#known(first.count)
      const waitedMs = clock().uptimeMs - from
      first = second
      second = await this.#look()
      if (looks + 1 >= mostLooks || waitedMs < confirmMs + oversleptMs) break
    }
    this.#tell(first, second)
    return this.#known(second.count)
  }

  #known(count: number): Guarded {
    return { findings: Object.values(this.#memory.episodes), count }
  }

  #isNews({ findings }: Looked): boolean {
    const known = Object.keys(this.#memory.episodes)
    return findings.size !== known.length || known.some((key) => !findings.has(key))
  }

  async #look(): Promise<Looked> {
    const { look, clock } = this.#parts
    const { uptimeMs, suspendedMs } = clock()
    const { suspendedMs: before } = this.#memory
    if (suspendedMs - before > suspensionMs) {
      this.#memory = { ...this.#memory, resumedUptimeMs: uptimeMs }
    }
    this.#memory = { ...this.#memory, suspendedMs }
    const looked = await look(this.#memory.resumedUptimeMs, this.#memory.lateChecks)
    this.#memory = { ...this.#memory, lateChecks: looked.lateChecks }
    return looked
  }

  #tell(first: Looked, second: Looked): void {
    const { began, over, before } = this.#parts
    const episodes: Record<string, Finding> = {}
    for (const [key, episode] of Object.entries(this.#memory.episodes)) {
      const seen = second.findings.get(key) ?? first.findings.get(key)
      if (seen === undefined) over(episode)
      else episodes[key] = seen
    }
    for (const [key, finding] of second.findings) {
      if (Object.hasOwn(episodes, key) || !first.findings.has(key)) continue
      began(finding)
      episodes[key] = finding
    }
    const restarted = second.before.map((record) => ({
      record,
      key: `${record.id} ${keyOf({ trouble: 'vanished', process: record.process })}`,
    }))
    for (const { record, key } of restarted) {
      if (!this.#memory.before.includes(key)) before(record)
    }
    this.#memory = { ...this.#memory, episodes, before: restarted.map(({ key }) => key) }
  }
}
